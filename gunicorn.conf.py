"""How `gunicorn wsgi:app` runs from a clone; gunicorn reads this file by itself. The settings and their reasons are in the package."""

from mockbrew.gunicorn_conf import *  # noqa: F403 - every name is a setting, and what is none gunicorn ignores
