"""Everything that writes people, organisations, roles, sign-in and settings: one use case a function."""

from retrain.people.accounts import (
    Browser,
    Signed,
    act_as,
    change_language,
    change_password,
    end_session,
    end_sessions,
    open_session,
    reset_second_step,
    sign_in,
    sign_in_second_step,
    start_second_step,
    stop_second_step,
)
from retrain.people.changing_login import ask_to_change_email, change_phone, confirm_login
from retrain.people.configuring import set_setting, withdraw_setting
from retrain.people.employments import end_employment, move_teacher
from retrain.people.entering import close_account, create_user
from retrain.people.merging import merge
from retrain.people.opening import (
    ask_for_link,
    make_slips,
    open_account,
    open_slip,
    send_links,
)
from retrain.people.organisations import (
    OrganisationFacts,
    change_organisation,
    close_organisation,
    create_organisation,
    import_colleges,
    rename_organisation,
)
from retrain.people.privacy import answer_request, ask_for_erasure, take_back_request
from retrain.people.privacy_erasing import erase
from retrain.people.roles import delegate_role, end_role, grant_role
from retrain.people.roster_batches import apply_roster, confirm, finish_batch
from retrain.people.rosters import remember
from retrain.people.teacher_changes import change_course_facts, change_name, change_teacher
from retrain.people.teachers import PersonFacts, TeacherFacts, add_teacher, reveal_pinfl

__all__ = [
    "Browser",
    "OrganisationFacts",
    "PersonFacts",
    "Signed",
    "TeacherFacts",
    "act_as",
    "add_teacher",
    "answer_request",
    "apply_roster",
    "ask_for_erasure",
    "ask_for_link",
    "ask_to_change_email",
    "change_course_facts",
    "change_language",
    "change_name",
    "change_organisation",
    "change_password",
    "change_phone",
    "change_teacher",
    "close_account",
    "close_organisation",
    "confirm",
    "confirm_login",
    "create_organisation",
    "create_user",
    "delegate_role",
    "end_employment",
    "end_role",
    "end_session",
    "end_sessions",
    "erase",
    "finish_batch",
    "grant_role",
    "import_colleges",
    "make_slips",
    "merge",
    "move_teacher",
    "open_account",
    "open_session",
    "open_slip",
    "remember",
    "rename_organisation",
    "reset_second_step",
    "reveal_pinfl",
    "send_links",
    "set_setting",
    "sign_in",
    "sign_in_second_step",
    "start_second_step",
    "stop_second_step",
    "take_back_request",
    "withdraw_setting",
]
