"""Addresses of the deputy's side of duty days, and those that need no log-in."""

from django.urls import path

from deputies.views.duty import answer, feed, mine, sign_in

urlpatterns = [
    path("mine/", mine.mine, name="mine"),
    path("mine/<int:pk>/", mine.mine_day, name="mine_day"),
    path("mine/<int:pk>/confirm/", mine.confirm, name="confirm"),
    path("mine/<int:pk>/leave/", mine.leave, name="leave"),
    path("mine/<int:pk>/leave/withdraw/", mine.withdraw_leave, name="leave_withdraw"),
    path("mine/<int:pk>/swap/", mine.swap, name="swap"),
    path("swaps/<int:pk>/agree/", mine.agree_swap, name="swap_agree"),
    path("swaps/<int:pk>/refuse/", mine.refuse_swap, name="swap_refuse"),
    path("swaps/<int:pk>/withdraw/", mine.withdraw_swap, name="swap_withdraw"),
    path("unavailable/", mine.add_unavailable, name="unavailable"),
    path("unavailable/<int:pk>/remove/", mine.remove_unavailable, name="unavailable_remove"),
    path("feed/renew/", mine.renew_feed, name="feed_renew"),
    path("feed/<slug:key>.ics", feed.feed, name="feed"),
    path("answer/<str:token>/", answer.answer, name="answer"),
    path("screen/<str:token>/", sign_in.screen, name="screen"),
    path("scan/<str:token>/", sign_in.scan, name="scan"),
    path("<int:pk>/sign-in/", sign_in.sign_in, name="sign_in"),
]
