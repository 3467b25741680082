"""Retry, make again, abort and delete: asked first, with numbers, then done and told."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.admin_site import shop_site
from ordercopy.admin.filters import RetrialFilter, asked_cause
from ordercopy.admin.wording import DEEDS, REASONS
from ordercopy.copies import Answer
from ordercopy.deeds import Deed, Prospect, carry_out, count_besides, prospect_of, reason_against
from ordercopy.models import OrderCopy
from ordercopy.retrials import Retrial, database_now
from orders.admin.selection import Selection
from orders.audit import Who

PERMISSIONS = {
    Deed.RETRY: "ordercopy.retry_ordercopy",
    Deed.MAKE_AGAIN: "ordercopy.retry_ordercopy",
    Deed.ABORT: "ordercopy.abort_ordercopy",
    Deed.DELETE: "ordercopy.delete_ordercopy",
}

CONSEQUENCES = {
    Deed.RETRY: _(
        "Each is tried again as it was asked for. An order that was made the last time and could "
        "not be placed is mended and used; no second one is made."
    ),
    Deed.MAKE_AGAIN: _(
        "Each becomes a new copy that leaves out the products that cannot be copied. An order that "
        "the failed copy left behind, still draft or pending, is cancelled first."
    ),
    Deed.ABORT: _("They are not made. They can be retried later."),
    Deed.DELETE: _(
        "Their history and errors are gone for good. The orders they made stay, and stay linked to "
        "their source."
    ),
}


def _questions(deed: Deed, count: int) -> str:
    return {
        Deed.RETRY: ngettext("Retry %(count)s copy?", "Retry %(count)s copies?", count),
        Deed.MAKE_AGAIN: ngettext(
            "Make %(count)s copy again, leaving out what fails?",
            "Make %(count)s copies again, leaving out what fails?",
            count,
        ),
        Deed.ABORT: ngettext("Abort %(count)s copy?", "Abort %(count)s copies?", count),
        Deed.DELETE: ngettext("Delete %(count)s copy?", "Delete %(count)s copies?", count),
    }[deed] % {"count": f"{count:,}"}


def _results(deed: Deed, count: int) -> str:
    return {
        Deed.RETRY: ngettext(
            "%(count)s copy is tried again.", "%(count)s copies are tried again.", count
        ),
        Deed.MAKE_AGAIN: ngettext(
            "%(count)s copy is made again, leaving out what fails.",
            "%(count)s copies are made again, leaving out what fails.",
            count,
        ),
        Deed.ABORT: ngettext("%(count)s copy is aborted.", "%(count)s copies are aborted.", count),
        Deed.DELETE: ngettext("%(count)s copy is deleted.", "%(count)s copies are deleted.", count),
    }[deed] % {"count": f"{count:,}"}


def reasons_in_words(prospect: Prospect) -> list[str]:
    """How many cannot be acted on, one sentence for each reason."""
    return [
        ngettext("%(count)s copy cannot: %(why)s", "%(count)s copies cannot: %(why)s", count)
        % {"count": f"{count:,}", "why": REASONS[reason]}
        for reason, count in prospect.against.items()
    ]


def buttons_for(request: HttpRequest, copy: OrderCopy, **standing: bool) -> list[dict[str, Any]]:
    """All that this person may do with a copy, with the reason where it cannot be done now."""
    buttons = []
    for deed in Deed:
        if not request.user.has_perm(PERMISSIONS[deed]):
            continue
        reason = reason_against(deed, status=copy.status, **standing)
        buttons.append(
            {
                "action": deed.value,
                "words": DEEDS[deed],
                "reason": None if reason is None else REASONS[reason],
                "attrs": {"disabled": "disabled"} if reason else {},
                "variant": "primary" if deed == Deed.RETRY else "default",
            }
        )
    return buttons


class CopyActions:
    """The actions of the list; other pages post to the list what they want done."""

    asks_first: tuple[str, ...] = tuple(Deed.values)
    message_user: Callable[..., None]
    way_back: Callable[[HttpRequest], str]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those that the person may do."""
        return {
            deed.value: (_action(deed), deed.value, DEEDS[deed])
            for deed in Deed
            if request.user.has_perm(PERMISSIONS[deed])
        }

    def refuse_forbidden(self, request: HttpRequest) -> None:
        """Refuse a form, made by hand, that asks for what this person may not do."""
        asked = request.POST.getlist("action") if request.method == "POST" else []
        if any(
            name in Deed.values and not request.user.has_perm(PERMISSIONS[Deed(name)])
            for name in asked
        ):
            raise PermissionDenied

    def act(self, request: HttpRequest, copies: QuerySet[OrderCopy], deed: Deed) -> HttpResponse:
        back = self.way_back(request)
        prospect = prospect_of(deed, copies)
        if request.method == "POST":
            who = Who.user(request.user)
            begun = database_now()
            answer = carry_out(deed, copies, who=who)
            retrial = Retrial(begun, database_now(), str(who.id))
            self._tell(request, prospect, answer, _where(deed, answer.done, back, retrial))
            return HttpResponseRedirect(back)
        if not prospect.possible:
            self._tell(request, prospect, Answer(), None)
            return HttpResponseRedirect(back)
        return shop_site.show(
            request,
            "ordercopy/confirm.html",
            title=DEEDS[deed],
            question=_questions(deed, prospect.at_once),
            consequence=CONSEQUENCES[deed],
            copies=self._named(copies) if prospect.total == 1 else None,
            against=[*_besides(request, deed, copies), *reasons_in_words(prospect)],
            prospect=prospect,
            deed=deed,
            dangerous=deed in {Deed.ABORT, Deed.DELETE},
            back=back,
            button=DEEDS[deed],
        )

    @staticmethod
    def _named(copies: QuerySet[OrderCopy]) -> str:
        copy = copies.select_related("source_order").get()
        return gettext("Copy of %(number)s") % {"number": copy.source_order.number}

    def _tell(
        self, request: HttpRequest, before: Prospect, answer: Answer, where: str | None
    ) -> None:
        """Say what was done, with the way to it, and what was not."""
        if answer.done:
            said = _results(before.deed, len(answer.done))
            self.message_user(request, _with_link(said, where), messages.SUCCESS)
        for reason in reasons_in_words(before):
            self.message_user(request, reason, messages.WARNING)
        left = len(answer.locked) + len(answer.refused) + len(answer.unknown)
        if left:
            said = ngettext(
                "%(count)s copy moved on meanwhile, or is held by a worker at this moment; it was "
                "left alone. Try again in a moment.",
                "%(count)s copies moved on meanwhile, or are held by a worker at this moment; they "
                "were left alone. Try again in a moment.",
                left,
            )
            self.message_user(request, said % {"count": f"{left:,}"}, messages.WARNING)
        if before.possible > before.at_once:
            more = gettext("%(count)s more can follow: do the same again.")
            count = f"{before.possible - before.at_once:,}"
            self.message_user(request, more % {"count": count}, messages.WARNING)


def _besides(request: HttpRequest, deed: Deed, copies: QuerySet[OrderCopy]) -> list[str]:
    """How many of the copies held up by one cause have another, which may still be in the way."""
    cause = asked_cause(Selection.read(request.GET).listing(request))
    if deed != Deed.RETRY or cause is None:
        return []
    count = count_besides(deed, copies, cause)
    said = ngettext(
        "%(count)s of them met something else as well; if that is still in the way, it fails "
        "again.",
        "%(count)s of them met something else as well; where that is still in the way, they fail "
        "again.",
        count,
    )
    return [said % {"count": f"{count:,}"}] if count else []


def _where(deed: Deed, done: list[str], back: str, retrial: Retrial) -> str | None:
    """Where the copies are seen that something was done with."""
    if deed == Deed.DELETE:
        return None
    if len(done) == 1:
        return reverse("admin:ordercopy_ordercopy_change", args=[done[0]])
    copies = reverse("admin:ordercopy_ordercopy_changelist")
    if deed == Deed.RETRY:
        return f"{copies}?{urlencode({RetrialFilter.parameter_name: retrial})}"
    # Other pages than the list asked for it too, and show no copies.
    return back if deed != Deed.MAKE_AGAIN and back.startswith(copies) else copies


def _with_link(said: str, where: str | None) -> str:
    if where is None:
        return said
    return format_html('{} <a class="text-link" href="{}">{}</a>', said, where, gettext("Show"))


def _action(deed: Deed) -> Callable[..., HttpResponse]:
    def act(
        model_admin: CopyActions, request: HttpRequest, copies: QuerySet[OrderCopy]
    ) -> HttpResponse:
        return model_admin.act(request, copies, deed)

    return act
