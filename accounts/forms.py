from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from accounts import throttle


class LogInForm(AuthenticationForm):
    """One answer for a wrong name, a wrong password and a locked account."""

    error_messages = {
        "invalid_login": (
            "用户名（手机号）或密码不对，或账号已暂时锁定。"
            f"连续错 {settings.LOGIN_FAILURES_BEFORE_LOCK} 次锁定 "
            f"{settings.LOGIN_LOCK_MINUTES} 分钟，急用请联系区代表工委解锁。"
        ),
        "inactive": "这个账号已停用。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名或手机号"
        self.fields["password"].label = "密码"
        self.fields["password"].help_text = "首次登录请用发放的密码，登录后当即更改。"

    def clean(self):
        if self.request is not None and throttle.has_tried_enough(self.request):
            raise self.get_invalid_login_error()
        return super().clean()


class PasswordForm(SetPasswordForm):
    """An own password; who was not just handed one must know the present one."""

    old_password = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password1"].help_text = "至少 8 位，不能全是数字，不要用姓名或电话。"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self):
        if not self.user.check_password(self.cleaned_data["old_password"]):
            raise forms.ValidationError("现在的密码不对。")
        return self.cleaned_data["old_password"]

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError("新密码不能和现在的密码相同。")
        return password
