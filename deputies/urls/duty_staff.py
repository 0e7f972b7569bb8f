"""Addresses of the staff's side of duty days."""

from django.urls import path

from deputies.views.duty import arrangement, day, days, index, papers, year

urlpatterns = [
    path("", index.DutyDayList.as_view(), name="index"),
    path("<int:pk>/", day.day, name="day"),
    path("<int:pk>/screen/renew/", day.renew_screen, name="renew_screen"),
    path("<int:pk>/posted/", day.post_notice, name="post_notice"),
    path("assignments/<int:pk>/contact/", day.contact, name="contact"),
    path("assignments/<int:pk>/sign-in/", day.sign_in_for, name="sign_in_for"),
    path("assignments/<int:pk>/sign-in/withdraw/", day.withdraw_sign_in, name="withdraw_sign_in"),
    path("assignments/<int:pk>/leave-early/", day.leave_early, name="leave_early"),
    path("assignments/<int:pk>/stand-in/", day.stand_in, name="stand_in"),
    path("leave/<int:pk>/decide/", day.decide_leave, name="decide_leave"),
    path("year/", year.year_index, name="year_index"),
    path("year/<int:station_pk>/<int:year>/", year.year, name="year"),
    path("year/<int:station_pk>/<int:year>/draft/", year.draft, name="draft"),
    path("year/<int:station_pk>/<int:year>/days/add/", year.add, name="add"),
    path("year/<int:station_pk>/<int:year>/paper/", papers.year_paper, name="paper"),
    path("plans/<int:pk>/publish/", year.publish, name="publish"),
    path("plans/<int:pk>/discard/", year.discard, name="discard"),
    path("plans/<int:pk>/undo/", year.undo, name="undo"),
    path("arrangement/<int:station_pk>/", arrangement.arrangement, name="arrangement"),
    path("<int:pk>/move/", days.move, name="move"),
    path("<int:pk>/drop/", days.drop, name="drop"),
    path("<int:pk>/hours/", days.hours, name="hours"),
    path("<int:pk>/assign/", days.assign, name="assign"),
    path("assignments/<int:pk>/release/", days.release, name="release"),
    path("<int:pk>/notice/", papers.notice, name="notice"),
    path("<int:pk>/sheet/", papers.sheet, name="sheet"),
]
