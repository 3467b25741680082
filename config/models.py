"""What the installation itself remembers."""

from django.conf import settings
from django.db import models


class OneTimePassword(models.Model):
    """A password that was made for somebody and shown once: good for choosing a real one.

    It is over as soon as the user's password is another, whichever way that came about, so
    nothing has to remember to clear it away.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="one_time_password",
    )
    password = models.CharField(max_length=128, help_text="the hash, as it was issued")
    issued_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"one-time password of {self.user}"

    @property
    def is_in_use(self) -> bool:
        """Whether the user still has it."""
        return self.user.password == self.password
