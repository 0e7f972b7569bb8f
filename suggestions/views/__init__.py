from suggestions.views.acts import act
from suggestions.views.detail import detail, reply_file

__all__ = ["act", "detail", "reply_file"]
