// A click on a button under an answer copies or saves it; a click on a link to a question asks it in place.
const say = (words) => {
  const line = element.querySelector('.page-taken');
  line.textContent = words;
  clearTimeout(say.later);
  say.later = setTimeout(() => { line.textContent = ''; }, 6000);
};

const copyByHand = (text) => {
  const box = document.createElement('textarea');
  box.value = text;
  box.setAttribute('readonly', '');
  box.style.position = 'fixed';
  box.style.opacity = '0';
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  return copied;
};

const copy = async (text) => {
  const had = document.activeElement;
  let copied = false;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    copied = copyByHand(text); // a page that is not served securely has no clipboard
    had?.focus();
  }
  if (copied) say(props.texts.copied);
  else window.prompt(props.texts.by_hand, text);
};

const save = (file) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file.text], { type: `${file.media_type};charset=utf-8` }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(props.texts.saved.replace('{}', file.name));
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('.page-actions button');
  if (button?.dataset.link) copy(new URL(button.dataset.link, location.origin + location.pathname).href);
  if (button?.dataset.form) {
    const exchange = Number(button.closest('.page-actions').dataset.exchange);
    trigger('take', { form: button.dataset.form, exchange });
  }
  const link = event.target.closest('a[href^="?q="]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  trigger('ask', Object.fromEntries(new URLSearchParams(link.getAttribute('href'))));
});

watch('taken', () => {
  const file = props.taken;
  if (file.problem) say(file.problem);
  else if (file.copied) copy(file.text);
  else if (file.name) save(file);
});
