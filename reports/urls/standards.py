"""A page of the stations that reads the registers: served from here, found among theirs."""

from django.urls import path

from reports.views import standards

app_name = "standards"
urlpatterns = [
    path("<int:station_pk>/<int:standard_pk>/<int:year>/", standards.assess, name="assess"),
]
