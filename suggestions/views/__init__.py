from suggestions.views.detail import act, detail, reply_file

__all__ = ["act", "detail", "reply_file"]
