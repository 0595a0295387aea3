"""The Flask extensions, created once and bound to an app in ``create_app``."""

from pathlib import Path

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from retrain.database.types import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(
    directory=str(Path(__file__).with_name("migrations")), render_as_batch=True, compare_type=True
)
babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
login = LoginManager()
compress = Compress()
