"""Addresses of 履职档案, scores, absences and 通报."""

from django.urls import path

from reports.views import circulars, records

urlpatterns = [
    path("deputies/<int:pk>/", records.performance, name="performance"),
    path("deputies/<int:pk>/word/", records.performance_word, name="performance_word"),
    path("score/", records.score, name="score"),
    path("score/switch/", records.switch_score, name="switch_score"),
    path("attendance/", records.attendance, name="attendance"),
    path("attendance/steps/", records.attendance_steps, name="attendance_steps"),
    path("attendance/<int:pk>/", records.admonish, name="admonish"),
    path("attendance/acts/<int:pk>/void/", records.admonition_void, name="admonition_void"),
    path("circulars/", circulars.Circulars.as_view(), name="circulars"),
    path("circulars/word/", circulars.circulars_word, name="circulars_word"),
    path("circulars/send/", circulars.circulars_send, name="circulars_send"),
    path("circulars/<int:pk>/", circulars.circular, name="circular"),
]
