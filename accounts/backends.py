from django.contrib.auth.backends import ModelBackend

from accounts import services
from accounts.models import User


class NameOrPhoneBackend(ModelBackend):
    """Log-in by user name or phone; a locked account is refused before its password is read."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        # A phone can be somebody else's user name: the user name wins, always.
        user = max(
            User.objects.known_as(username),
            key=lambda found: found.username == username.strip(),
            default=None,
        )
        if user is None:
            User().set_password(password)  # as slow as a real check: names cannot be guessed
            return None
        if user.is_locked:
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            services.forget_failures(user)
            return user
        services.count_failure(user)
        return None
