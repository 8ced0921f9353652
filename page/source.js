// A click on a link to a claim, post or thread opens it beside the page; in a new tab the link opens the page on it.
// A click on a button beside a claim corrects it at once; the focus stays with the claim when all is made again.
let opener = null;
let marking = false;
let quiet = false; // the panel is only brought up to date
let back = null; // the way to correct the claim that was corrected last, and where it is
const asking = (link) => new URLSearchParams(link?.getAttribute('href') ?? '');
const place = (node) => ({
  answer: [...document.querySelectorAll('.cp-answer')].indexOf(node.closest('.cp-answer')),
  browsed: node.closest('#browsed') !== null,
});

element.addEventListener('click', (event) => {
  const within = event.target.closest('a[href^="#claim-"], a[href^="#post-"]');
  const place = within && document.getElementById(within.getAttribute('href').slice(1));
  if (!place) return;
  event.preventDefault();
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'center' });
});

document.addEventListener('click', (event) => {
  const link = event.target.closest(
    'a:is([href^="?claim="], [href^="?correct="], [href^="?post="], [href^="?thread="])');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!element.contains(link)) opener = link;
  marking = link.matches('.cp-wrong');
  trigger('source', {
    toward: asking(link.parentElement.querySelector('.cp-wrong')).get('toward') ?? '',
    ...Object.fromEntries(asking(link)),
    ...place(link),
  });
});

element.addEventListener('click', (event) => {
  const button = event.target.closest('.cp-marking button');
  if (!button) return;
  marking = true;
  trigger('mark', { mark: '', matter: '', undo: '', ...button.closest('.cp-marking').dataset, ...button.dataset });
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('.cp-fix button, .page-counted button');
  if (!button) return;
  const wrong = button.closest('.cp-fix')?.querySelector('.cp-wrong');
  if (wrong) back = { href: claimAt(wrong), ...place(wrong) };
  const open = element.querySelector('.cp-marking')?.dataset ?? {};
  quiet = Boolean(open.claim);
  trigger('fix', {
    mark: '', matter: '', undo: '',
    claim: asking(wrong).get('correct') ?? '', toward: asking(wrong).get('toward') ?? '', ...place(button),
    open: open.claim ?? '', open_toward: open.toward ?? '', ...button.dataset,
  });
});
const claimAt = (node) => node?.closest('.cp-fix')?.querySelector('.cp-wrong').getAttribute('href');
document.addEventListener('pointerdown', (event) => {
  if (!event.target.closest('.page-counted')) back = null;
});
document.addEventListener('keydown', (event) => { if (event.key === 'Tab') back = null; });
new MutationObserver(() => {
  const at = document.activeElement;
  const lost = at === document.body || (claimAt(at) ?? back?.href) !== back?.href; // made again, it may be another's
  if (!back || !lost) return;
  const within = back.browsed ? document.querySelector('#browsed') : document.querySelectorAll('.cp-answer')[back.answer];
  const links = [...within?.querySelectorAll('.cp-wrong') ?? []];
  const link = links.find((one) => one.getAttribute('href') === back.href);
  for (let fold = link?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  (link ?? document.querySelector('.page-counted button'))?.focus({ preventScroll: true });
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ['href'] });

// The arrows lead through the buttons beside a claim, Escape closes them.
document.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const fix = document.activeElement?.closest('.cp-fix');
  if (!fix || !step) return;
  event.preventDefault();
  fix.classList.add('cp-open'); // between one stop and the next nothing has the focus
  const stops = [...fix.querySelectorAll('a, button')];
  stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const fix of document.querySelectorAll('.cp-fix:is(:hover, :focus-within)')) {
    if (fix.contains(document.activeElement)) fix.querySelector('.cp-wrong').focus();
    fix.classList.remove('cp-open');
    fix.classList.add('cp-shut');
  }
  if (!element.contains(document.activeElement)) return;
  trigger('close');
  opener?.focus();
});
for (const left of ['pointerout', 'focusout']) {
  document.addEventListener(left, (event) => {
    const fix = event.target.closest?.('.cp-fix');
    if (fix && !fix.contains(event.relatedTarget)) fix.classList.remove('cp-open', 'cp-shut');
  });
}

watch('value', () => {
  const source = element.querySelector('.page-source[tabindex]');
  const seen = quiet;
  quiet = false;
  if (!source || seen) return;
  const marks = marking && (source.querySelector('.cp-marked') ?? source.querySelector('.cp-marking button'));
  (marks || source).focus({ preventScroll: true });
  const wanted = marking ? source.querySelector('.cp-marking') : source.querySelector('.cp-focus');
  (wanted ?? source).scrollIntoView({ block: marking ? 'center' : 'nearest' });
  marking = false;
});
