"""Addresses of 履职档案, scores, absences and 通报."""

from django.urls import path

from reports import circular_views, record_views

urlpatterns = [
    path("deputies/<int:pk>/", record_views.performance, name="performance"),
    path("deputies/<int:pk>/word/", record_views.performance_word, name="performance_word"),
    path("score/", record_views.score, name="score"),
    path("score/switch/", record_views.switch_score, name="switch_score"),
    path("attendance/", record_views.attendance, name="attendance"),
    path("attendance/steps/", record_views.attendance_steps, name="attendance_steps"),
    path("attendance/<int:pk>/", record_views.admonish, name="admonish"),
    path("attendance/acts/<int:pk>/void/", record_views.admonition_void, name="admonition_void"),
    path("circulars/", circular_views.Circulars.as_view(), name="circulars"),
    path("circulars/word/", circular_views.circulars_word, name="circulars_word"),
    path("circulars/send/", circular_views.circulars_send, name="circulars_send"),
    path("circulars/<int:pk>/", circular_views.circular, name="circular"),
]
