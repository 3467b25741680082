"""Staff at work: people in each role, and a test client that sends forms as the pages do."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from config.modes import FIELD, IN_SESSION
from config.roles import give_role

PASSWORD = "lantern-orchid-72"


def colleague(role: str | None = None, name: str | None = None, **fields: Any) -> Any:
    """Make somebody in a role; with ``password=PASSWORD`` (it takes a while) one who can log in."""
    user = get_user_model()._default_manager.create_user(
        name or role or "nobody", is_staff=True, **fields
    )
    if role is not None:
        give_role(user, role)
    return user


class StaffClient(Client):
    """A browser without eyes: its forms carry the mode that its session is in, as pages' do."""

    def __init__(self, user: Any = None, mode: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mode = mode or settings.DEFAULT_MODE
        if user is not None:
            self.force_login(user)
        if mode is not None:
            self.switch_to(mode)

    def switch_to(self, mode: str) -> None:
        """Work in this mode from now on."""
        session = self.session
        session[IN_SESSION] = self.mode = mode
        session.save()

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        if data is None or isinstance(data, dict):
            data = {FIELD: self.mode, **(data or {})}
        return super().post(path, data, *args, **kwargs)
