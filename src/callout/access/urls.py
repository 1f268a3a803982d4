"""Addresses for signing in, for one's own account and for administering people."""

from allauth.account import views as account
from django.urls import include, path

from callout.access import lists
from callout.access.views import entry, own, people

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("first/", entry.first_access, name="first_access"),
    path("recover/", entry.recover, name="recover"),
    path("recover/<str:code>/", entry.recover_answer, name="recover_answer"),
    path("profile/", own.profile, name="profile"),
    path("question/", own.secret_question, name="secret_question"),
    path("tokens/", own.token_create, name="token_create"),
    path("tokens/<int:pk>/revoke/", own.token_revoke, name="token_revoke"),
    path("people/", lists.People.as_view(), name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/code/", people.person_code, name="person_code"),
    path("people/<int:pk>/release/", people.person_release, name="person_release"),
    path("people/<int:pk>/disable/", people.person_disable, name="person_disable"),
    path("people/<int:pk>/enable/", people.person_enable, name="person_enable"),
    path("teams/", lists.Teams.as_view(), name="teams"),
    path("teams/new/", people.team_new, name="team_new"),
    path("teams/<int:pk>/", people.team, name="team"),
]
