from django.urls import path

from stations.views import messages as views

app_name = "sent"
urlpatterns = [
    path("", views.SentList.as_view(), name="list"),
    path("<int:pk>/resend/", views.resend, name="resend"),
]
