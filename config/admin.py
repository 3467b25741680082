"""People: managers invite colleagues and give them roles; permissions come from roles alone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminRadioSelectWidget

from config.first_login import give_one_time_password
from config.lists import SpokenList
from config.roles import MANAGER, OPERATOR, ROLES, VIEWER, give_role, role_of
from config.templatetags.shop import moment

admin.site.unregister([User, Group])

ROLE_NAMES = {
    VIEWER: _("Viewer"),
    OPERATOR: _("Operator"),
    MANAGER: _("Manager"),
    "superuser": _("Operator of the installation"),
}


class ColleagueForm(forms.ModelForm):
    """Who somebody is and what they may do; the first password is drawn."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=list(ROLES.items()),
        initial=VIEWER,
        widget=UnfoldAdminRadioSelectWidget,
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active"]
        labels = {"username": _("Name to log in with"), "is_active": _("May log in")}
        help_texts = {
            "username": _("Letters, digits and @ . + - _ without spaces."),
            "is_active": _("Switch this off instead of deleting anybody."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance) or VIEWER


@admin.register(User)
class PeopleAdmin(SpokenList, ModelAdmin):
    """Nobody changes their own role or shuts themselves out, and no role makes a superuser."""

    form = ColleagueForm
    add_words = _("New colleague")
    list_display = ["username", "full_name", "email", "role", "last_seen", "is_active"]
    list_filter = ["is_active", "groups"]
    list_fullwidth = True
    search_fields = ["username__istartswith", "email__istartswith", "last_name__istartswith"]
    search_help_text = _("By the beginning of a name or an e-mail address")
    empty_value_display = "–"
    ordering = ["username"]
    actions = ["new_password"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        person = ["username", "first_name", "last_name", "email"]
        if obj is None:
            return [*person, "role"]
        if obj == request.user or obj.is_superuser:
            return person
        return [*person, "role", "is_active"]

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        """Leave the role out where it is not to be chosen: a declared field comes by itself."""
        form = super().get_form(request, obj, **kwargs)
        if "role" in self.get_fields(request, obj):
            return form
        return type(form.__name__, (form,), {"role": None})

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Leave superusers to superusers: whoever sets their password is one."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted: what they did is told under their name."""
        return False

    def has_new_password_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if "role" in form.cleaned_data:
            give_role(obj, form.cleaned_data["role"])
        if not change:
            self._show_password(request, obj)

    def _show_password(self, request: HttpRequest, user: User) -> None:
        messages.warning(
            request,
            _(
                "%(name)s logs in with the password %(password)s once and then chooses another. "
                "It is shown this once."
            )
            % {"name": user.get_username(), "password": give_one_time_password(user)},
        )

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs["extra_context"] = {"title": _("New colleague"), "show_save_and_continue": False}
        return super().add_view(request, *args, **kwargs)

    @action(description=_("Give a new one-time password"), permissions=["new_password"])
    def new_password(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for user in people:
            if user == request.user or not self.has_change_permission(request, user):
                messages.error(
                    request, _("%(name)s was left as is.") % {"name": user.get_username()}
                )
            else:
                self._show_password(request, user)

    @display(description=_("Name"))
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @display(
        description=_("Role"),
        label={VIEWER: "info", OPERATOR: "primary", MANAGER: "success", "superuser": "warning"},
    )
    def role(self, user: User) -> tuple[str, Any]:
        role = "superuser" if user.is_superuser else role_of(user) or ""
        return role, ROLE_NAMES.get(role, _("None"))

    @display(description=_("Last login"), ordering="last_login")
    def last_seen(self, user: User) -> str:
        return moment(user.last_login)
