from __future__ import annotations

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q


class UserQuerySet(models.QuerySet):
    def known_as(self, login: str) -> UserQuerySet:
        """The accounts that `login` may mean: a user name, or a phone number."""
        login = login.strip()
        return self.filter(Q(username=login) | Q(phone=login)) if login else self.none()

    def meant_by(self, login: str):
        """The one account that `login` means: somebody's phone may be another's user name."""
        name = login.strip()
        return max(self.known_as(login), key=lambda found: found.username == name, default=None)

    def matching(self, text: str) -> UserQuerySet:
        """The accounts whose name, user name or phone holds `text`."""
        text = text.strip()
        wanted = Q(name__contains=text) | Q(username__contains=text) | Q(phone__contains=text)
        return self.filter(wanted) if text else self.all()

    def for_list(self) -> UserQuerySet:
        return self


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_superuser(self, username, email=None, password=None, **extra):
        """The first administrator chose this password: nobody has to change it."""
        extra.setdefault("must_change_password", False)
        return super().create_superuser(username, email, password, **extra)
