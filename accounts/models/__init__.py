from accounts.models.notices import Delivery, Notice
from accounts.models.users import User

__all__ = ["Delivery", "Notice", "User"]
