"""The WSGI callable of `gunicorn wsgi:app`: the spec and the store come from MOCKBREW_SPEC and MOCKBREW_STORE."""

from mockbrew.app import app_from_environment

app = app_from_environment()
