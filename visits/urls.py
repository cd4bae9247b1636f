"""Addresses of visits: each part adds its own lines under its heading."""

from __future__ import annotations

from django.urls import path

from visits.views import (
    about,
    asked,
    away,
    briefing,
    check,
    dev_mail,
    ending,
    enquiry,
    feed,
    find,
    group,
    later,
    opening,
    proposal,
    public,
    request,
    schedule,
    verify,
    visit,
)

app_name = "visits"

urlpatterns = [
    # the two pages that everybody meets first
    path("", public.home, name="home"),
    path("co-learning/", public.co_learning, name="co_learning"),
    # a visitor asks
    path("visit/new/", request.start, name="request_start"),
    path("visit/new/check/", check.check, name="request_check"),
    path("visit/new/sent/", verify.sent, name="request_sent"),
    path("visit/new/save/", later.save, name="request_save"),
    path("visit/new/<slug:step>/", request.step, name="request_step"),
    path("visit/sooner/", enquiry.sooner, name="sooner"),
    path("contact/", enquiry.contact, name="contact"),
    path("find/", find.find, name="find"),
    path("d/<str:token>/", later.resume, name="resume"),
    path("verify/<str:token>/", verify.verify, name="verify"),
    # the visitor's own pages
    path("v/<str:token>/", opening.open_visit, name="open_visit"),
    path("my/", opening.my_visits, name="my_visits"),
    path("my/<str:reference>/", visit.visit, name="visit"),
    path("my/<str:reference>/messages/", visit.messages_to_us, name="messages"),
    path("my/<str:reference>/again/", visit.look_again, name="look_again"),
    path("my/<str:reference>/yes/", proposal.proposal_yes, name="proposal_yes"),
    path("my/<str:reference>/change/", proposal.proposal_change, name="proposal_change"),
    path("my/<str:reference>/group/", group.names, name="group"),
    path("my/<str:reference>/group/<int:participant_id>/remove/", group.remove_name, name="group_remove"),
    path("my/<str:reference>/calendar.ics", visit.calendar, name="calendar"),
    path("my/<str:reference>/withdraw/", ending.withdraw, name="withdraw"),
    path("my/<str:reference>/cancel/", ending.cancel, name="cancel"),
    # facilitators
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/week/<int:year>/<int:number>/", schedule.week, name="schedule_week"),
    path("schedule/month/<int:year>/<int:number>/", schedule.month, name="schedule_month"),
    path("schedule/today/", schedule.today, name="schedule_today"),
    path("schedule/session/<int:ask_id>/", briefing.briefing, name="briefing"),
    path("schedule/asked/", asked.asked, name="asked"),
    path("schedule/asked/<int:ask_id>/", asked.asked_one, name="asked_one"),
    path("schedule/away/", away.away, name="away"),
    path("schedule/away/<int:booking_id>/remove/", away.remove, name="away_remove"),
    path("schedule/calendar/", feed.subscribe, name="subscribe"),
    path("schedule/calendar/<str:token>.ics", feed.feed, name="feed"),
    path("ask/<str:token>/", asked.ask_answer, name="ask_answer"),
    # development
    path("dev/mail/", dev_mail.mails, name="dev_mail"),
    path("dev/mail/<slug:name>/", dev_mail.mail, name="dev_mail_one"),
    path("dev/mail/<slug:name>/html/", dev_mail.mail_html, name="dev_mail_html"),
    # about the portal
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("getting-here/", about.getting_here, name="getting_here"),
    path("theme/", about.theme, name="theme"),
]
