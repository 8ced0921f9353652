// Past conversations stay in this browser: what was asked, never an answer. Words are only ever set as text.
const KEY = `counterpoint:conversations:${location.pathname}`;
const KEEP_NONE = `counterpoint:keep-none:${location.pathname}`;
const MOST = 50;
const fresh = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`;
let current = fresh();

const isTurn = (turn) => typeof turn?.asked === 'string' && typeof turn?.q === 'string';
const isKept = (one) => typeof one?.id === 'string' && Number.isFinite(one?.at)
  && Array.isArray(one.turns) && one.turns.length > 0 && one.turns.every(isTurn);

const keepsNone = () => {
  try {
    return localStorage.getItem(KEEP_NONE) !== null;
  } catch {
    return true; // no storage
  }
};

const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return []; // no storage, or not ours
  }
};

const write = (kept) => {
  try {
    if (kept.length && !keepsNone()) localStorage.setItem(KEY, JSON.stringify(kept.slice(0, MOST)));
    else localStorage.removeItem(KEY);
  } catch {
    // storage is full or forbidden: nothing is kept
  }
  show();
};

const made = (name, words, action, id) => {
  const node = document.createElement(name);
  node.textContent = words;
  if (name === 'button') Object.assign(node, { type: 'button' }).dataset[action] = id;
  return node;
};

const show = () => {
  const kept = read();
  const panel = element.querySelector('.page-kept');
  panel.querySelector('summary').textContent = `${props.texts.title} (${kept.length})`;
  panel.querySelector('input').checked = keepsNone();
  panel.querySelector('label span').textContent = props.texts.keep_none;
  panel.querySelector('p').textContent = props.texts.note;
  panel.querySelector('ul').replaceChildren(...kept.map((one) => {
    const [first, ...others] = one.turns;
    const more = others.length ? props.texts.more.replace('{}', others.length) : '';
    const item = document.createElement('li');
    const open = made('button', first.asked, 'open', one.id);
    open.dir = 'auto';
    const drop = made('button', props.texts.delete, 'drop', one.id);
    drop.setAttribute('aria-label', `${props.texts.delete}: ${first.asked}`);
    item.append(open, made('small', `${more} ${new Date(one.at).toLocaleString()}`.trim()), drop);
    return item;
  }));
  const all = panel.querySelector(':scope > button');
  all.type = 'button';
  all.hidden = kept.length === 0;
  all.textContent = props.texts.delete_all;
  all.dataset.dropAll = 'yes';
};

const forget = (ids) => {
  write(read().filter((one) => !ids.includes(one.id)));
  if (!ids.includes(current)) return;
  current = fresh();
  trigger('forget');
};

element.addEventListener('click', (event) => {
  const { open, drop, dropAll } = event.target.closest('button')?.dataset ?? {};
  const chosen = read().find((one) => one.id === open);
  if (chosen) {
    current = chosen.id;
    element.querySelector('.page-kept').open = false;
    trigger('reopen', { turns: chosen.turns });
  }
  if (drop) forget([drop]);
  if (dropAll) forget(read().map((one) => one.id));
  if (drop || dropAll) element.querySelector('.page-kept summary').focus();
});

const keep = () => {
  const others = read().filter((one) => one.id !== current);
  write(props.turns.length ? [{ id: current, at: Date.now(), turns: props.turns }, ...others] : others);
};

element.addEventListener('change', (event) => {
  try {
    if (event.target.checked) localStorage.setItem(KEEP_NONE, 'yes');
    else localStorage.removeItem(KEEP_NONE);
  } catch {
    // no storage: nothing is kept anyway
  }
  keep(); // none, or again the conversation on the page, which stays there
});

window.addEventListener('storage', (event) => { if (event.key === KEY || event.key === KEEP_NONE) show(); });

watch('turns', () => {
  if (!props.turns.length) current = fresh(); // what was kept stays
  keep();
});

show();
