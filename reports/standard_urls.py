"""A page of the stations that reads the registers: served from here, found among theirs."""

from django.urls import path

from reports import standard_views as views

app_name = "standards"
urlpatterns = [
    path("<int:station_pk>/<int:standard_pk>/<int:year>/", views.assess, name="assess"),
]
