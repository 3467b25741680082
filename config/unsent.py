"""What somebody sent after their session had ended: kept until they have logged in again.

Until then it travels in the form of the login, signed, and nothing of it is stored; afterwards it
waits in the session of whoever had opened the form. Anybody else does not get it. A form with a
password or a secret in it is never kept.
"""

import re
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from config.modes import FIELD as MODE
from config.modes import SWITCH_BACK

# In forms: what was sent, who had opened the form, and that it is what was kept.
FIELD, WRITER, SENT_AGAIN = "_unsent", "_by", "_sent_again"
IN_SESSION = "unsent"
SALT = "config.unsent"
# For so long the page of the login may stay open.
SECONDS = 60 * 60
SECRET = re.compile("password|secret", re.IGNORECASE)
NOT_TYPED = {"csrfmiddlewaretoken", WRITER, SENT_AGAIN, SWITCH_BACK}


def pack(request: HttpRequest) -> str:
    """What a request has sent, for the form of the login; empty for what is not kept."""
    sent: QueryDict = request.POST
    if not sent.get(WRITER) or "HX-Request" in request.headers or any(map(SECRET.search, sent)):
        return ""
    typed = [
        (name, value) for name, values in sent.lists() for value in values if name not in NOT_TYPED
    ]
    kept = {
        "by": sent[WRITER],
        "path": request.get_full_path(),
        "mode": sent.get(MODE, ""),
        "typed": typed,
        "files": bool(request.FILES),
    }
    return signing.dumps(kept, salt=SALT, compress=True)


def keep(request: HttpRequest, packed: str) -> bool:
    """Keep it for who has logged in just now, if it is theirs; say whether it is."""
    try:
        kept: dict[str, Any] = signing.loads(packed, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return False
    if kept["by"] != str(request.user.pk):
        return False
    request.session[IN_SESSION] = kept
    return True
