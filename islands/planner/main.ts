import { mount } from 'svelte';
import App from './App.svelte';
import { readConfig } from './config.ts';
import './parts.css';

const target = document.getElementById('planner');
if (target) {
  const config = readConfig(target.dataset['config']);
  target.replaceChildren();
  mount(App, { target, props: { config } });
}
