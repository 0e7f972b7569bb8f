"""接待日: what staff arrange, what deputies answer, and what works by a private address."""

from deputies.urls import duty_own, duty_staff

app_name = "duty"
urlpatterns = [*duty_staff.urlpatterns, *duty_own.urlpatterns]
