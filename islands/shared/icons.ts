import alertTriangle from '@tabler/icons/outline/alert-triangle.svg?raw';
import adjustments from '@tabler/icons/outline/adjustments-horizontal.svg?raw';
import back from '@tabler/icons/outline/arrow-back-up.svg?raw';
import forward from '@tabler/icons/outline/arrow-forward-up.svg?raw';
import ban from '@tabler/icons/outline/ban.svg?raw';
import calendarOff from '@tabler/icons/outline/calendar-off.svg?raw';
import left from '@tabler/icons/outline/chevron-left.svg?raw';
import down from '@tabler/icons/outline/chevron-down.svg?raw';
import right from '@tabler/icons/outline/chevron-right.svg?raw';
import copy from '@tabler/icons/outline/copy.svg?raw';
import flag from '@tabler/icons/outline/flag.svg?raw';
import info from '@tabler/icons/outline/info-circle.svg?raw';
import link from '@tabler/icons/outline/external-link.svg?raw';
import mail from '@tabler/icons/outline/mail.svg?raw';
import map from '@tabler/icons/outline/map-pin.svg?raw';
import plus from '@tabler/icons/outline/plus.svg?raw';
import route from '@tabler/icons/outline/route.svg?raw';
import search from '@tabler/icons/outline/search.svg?raw';
import star from '@tabler/icons/outline/star.svg?raw';
import offline from '@tabler/icons/outline/wifi-off.svg?raw';
import users from '@tabler/icons/outline/users.svg?raw';
import close from '@tabler/icons/outline/x.svg?raw';
import zoomIn from '@tabler/icons/outline/zoom-in.svg?raw';
import zoomOut from '@tabler/icons/outline/zoom-out.svg?raw';

/** What is between the outer tags: the shapes, without the invisible frame. */
function shapes(svg: string): string {
  return svg
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<path stroke="none"[^>]*\/>/, '')
    .trim();
}

export const icons = {
  alert: shapes(alertTriangle),
  adjustments: shapes(adjustments),
  back: shapes(back),
  copy: shapes(copy),
  down: shapes(down),
  forward: shapes(forward),
  mail: shapes(mail),
  flag: shapes(flag),
  users: shapes(users),
  map: shapes(map),
  star: shapes(star),
  ban: shapes(ban),
  'calendar-off': shapes(calendarOff),
  left: shapes(left),
  right: shapes(right),
  info: shapes(info),
  link: shapes(link),
  offline: shapes(offline),
  plus: shapes(plus),
  route: shapes(route),
  search: shapes(search),
  close: shapes(close),
  'zoom-in': shapes(zoomIn),
  'zoom-out': shapes(zoomOut),
};

export type IconName = keyof typeof icons;
