from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.AccountList.as_view(), name="list"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", views.LogOut.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("large-text/", views.large_text, name="large_text"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/first-password/", views.first_password, name="first_password"),
]
