"""Who plans, and who performs, activities of a type."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from callout.accounts.models import Membership
from callout.core.intervals import Interval
from callout.customers.models import Zone
from callout.planning.models import ActivityType, Eligibility, Resource


@dataclass(frozen=True, slots=True)
class Eligible:
    """People named one by one, and teams."""

    user_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()

    def includes(self, user_id: int, team_ids: frozenset[int]) -> bool:
        """Whether a person is named, or one of that person's teams."""
        return user_id in self.user_ids or not self.team_ids.isdisjoint(team_ids)


def performers(activity_type: ActivityType) -> QuerySet[Resource]:
    """The active resources that may be given activities of this type, by themselves or through a team."""
    rows = Eligibility.objects.filter(activity_type=activity_type, role=Eligibility.Role.PERFORMS)
    people = Membership.objects.filter(team_id__in=rows.filter(team__isnull=False).values("team_id"))
    return Resource.objects.select_related("user", "branch").filter(
        Q(user_id__in=rows.filter(user__isnull=False).values("user_id")) | Q(user_id__in=people.values("user_id")),
        active=True,
    )


def performs(resource: Resource, activity_type: ActivityType) -> bool:
    """Whether the resource may be given activities of this type."""
    return performers(activity_type).filter(pk=resource.pk).exists()


def eligible_by_type(role: str = Eligibility.Role.PERFORMS) -> dict[int, Eligible]:
    """For every type that names somebody in this role, whom it names; one statement."""
    users = ArrayAgg("user_id", filter=Q(user__isnull=False), default=Value([]))
    teams = ArrayAgg("team_id", filter=Q(team__isnull=False), default=Value([]))
    rows = Eligibility.objects.filter(role=role).order_by("activity_type_id").values_list("activity_type_id")
    return {
        type_id: Eligible(frozenset(user_ids), frozenset(team_ids))
        for type_id, user_ids, team_ids in rows.annotate(users=users, teams=teams)
    }


def zones_then(resource: Resource, window: Interval) -> list[Zone]:
    """The commercial zones that the resource is present in during some of the window; none where no zone is kept."""
    then = Q(presence__starts__lt=window.ends, presence__ends__gt=window.starts)
    return list(Zone.objects.filter(then, presence__resource=resource).distinct().order_by("pk"))
