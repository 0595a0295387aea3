"""``retrain runs`` prints what an operator asks for, and JSON alone on standard output."""

import json

from retrain.catalogue.commands import runs


def test_runs_of_a_state_as_json(app, make_course, make_run):
    course = make_course("IT")
    make_run(course)
    draft = make_run(course, publish=False)
    result = app.test_cli_runner().invoke(runs, ["--state", "draft", "--json", "--lang", "ru"])
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)["runs"]
    assert found["code"] == draft.code
    assert found["title"] == "Мастерство преподавателя"


def test_runs_as_a_table(app, make_run):
    run = make_run()
    result = app.test_cli_runner().invoke(runs, [])
    assert run.code in result.stdout
    assert app.test_cli_runner().invoke(runs, ["--state", "nonsense"]).exit_code == 2
