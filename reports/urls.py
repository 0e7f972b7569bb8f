from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.period, name="period"),
    path("workbook/", views.workbook, name="workbook"),
    path("staff/", views.Staff.as_view(), name="staff"),
]
