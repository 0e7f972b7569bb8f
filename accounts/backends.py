from django.contrib.auth.backends import ModelBackend

from accounts import services
from accounts.models import User


class NameOrPhoneBackend(ModelBackend):
    """Log-in by user name or phone; a locked account is refused whatever its password."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        user = User.objects.meant_by(username)
        if user is None:
            User().set_password(password)  # as slow as a real check: names cannot be guessed
            return None
        # A locked account's password is read too, so that its answer comes no sooner.
        fits = user.check_password(password) and self.user_can_authenticate(user)
        return user if services.settle_log_in(user, fits=fits) else None

    def get_user(self, user_id):
        """Read once a request: what the bell says comes along in the same query."""
        user = User.objects.with_unread().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
