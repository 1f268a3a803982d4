import alertTriangle from '@tabler/icons/outline/alert-triangle.svg?raw';
import back from '@tabler/icons/outline/arrow-back-up.svg?raw';
import ban from '@tabler/icons/outline/ban.svg?raw';
import calendarOff from '@tabler/icons/outline/calendar-off.svg?raw';
import left from '@tabler/icons/outline/chevron-left.svg?raw';
import right from '@tabler/icons/outline/chevron-right.svg?raw';
import info from '@tabler/icons/outline/info-circle.svg?raw';
import link from '@tabler/icons/outline/external-link.svg?raw';
import plus from '@tabler/icons/outline/plus.svg?raw';
import search from '@tabler/icons/outline/search.svg?raw';
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
  back: shapes(back),
  ban: shapes(ban),
  'calendar-off': shapes(calendarOff),
  left: shapes(left),
  right: shapes(right),
  info: shapes(info),
  link: shapes(link),
  plus: shapes(plus),
  search: shapes(search),
  close: shapes(close),
  'zoom-in': shapes(zoomIn),
  'zoom-out': shapes(zoomOut),
};

export type IconName = keyof typeof icons;
