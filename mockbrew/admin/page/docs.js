// The page of the API: loads openapi.json of the rig under whose URL it stands, with a token where the server wants one, and shows it.
//
// The token is kept in this tab (sessionStorage) until the tab is closed, or "Forget the token" is clicked. It is sent to this server only:
// with the document, and by "Try it out" with what the document says needs it.
"use strict";

const KEPT = "mockbrew-token";

const message = document.getElementById("message");
const ask = document.getElementById("ask");
const forget = document.getElementById("forget");

function say(text) {
  message.textContent = text;
}

async function load() {
  const token = sessionStorage.getItem(KEPT);
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  forget.hidden = token === null;
  let reply;
  try {
    reply = await fetch("openapi.json", { headers, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    say(`The server does not answer: ${error.message}`);
    return;
  }
  if (reply.status === 401) {
    sessionStorage.removeItem(KEPT);
    forget.hidden = true;
    say(token === null ? "This server tells what it serves to bearers of its token only." : "That is not the token of this server.");
    ask.hidden = false;
    document.getElementById("token").focus();
  } else if (reply.ok) {
    show(await reply.json(), token);
  } else {
    say(await reason(reply));
  }
}

// Why a request was refused: the detail of its problem document, if it has one.
async function reason(reply) {
  const text = await reply.text();
  try {
    return JSON.parse(text).detail || text;
  } catch {
    return text || `${reply.status} ${reply.statusText}`;
  }
}

function show(spec, token) {
  say("");
  document.title = `${spec.info.title} - mockbrew`;
  ask.hidden = true;
  const ui = SwaggerUIBundle({
    spec: { ...spec, paths: Object.fromEntries(Object.entries(spec.paths).map(([path, item]) => [path, forPeople(item)])) },
    dom_id: "#page",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    validatorUrl: null,
    plugins: [showAsSent, lookThroughWords],
    onComplete: () => {
      if (token !== null) bear(ui, spec, token);
    },
  });
}

// A path without HEAD and OPTIONS: nearly all have them, and among them the others would be hard to find.
function forPeople({ head, options, ...others }) {
  return Object.fromEntries(Object.entries(others).map(([name, each]) => [name, name === "parameters" ? each.map(open) : opened(each)]));
}

function opened(operation) {
  return operation.parameters ? { ...operation, parameters: operation.parameters.map(open) } : operation;
}

// A parameter without its pattern: Swagger UI would not send what does not match it, and it is the server's refusal that people want to see.
// What is taken stands in the description.
function open(parameter) {
  const { pattern, ...schema } = parameter.schema;
  return { ...parameter, schema };
}

// Swagger UI looks for a word in tags and paths only, and where it is nowhere says that there are no operations at all.
function lookThroughWords({ React }) {
  const has = (text, word) => String(text).toLowerCase().includes(word.toLowerCase());
  const told = (each, word) => has(each.get("path"), word) || has(each.getIn(["operation", "summary"]), word);
  const within = (tag, word) => tag.update("operations", (all) => all.filter((each) => told(each, word)));
  const opsFilter = (tags, word) =>
    tags.map((tag, name) => (has(name, word) ? tag : within(tag, word))).filter((tag) => tag.get("operations").size > 0);
  const nothing = (word) => React.createElement("p", { className: "nothing" }, `Nothing matches '${word}'.`);
  const operations = (Original, { specSelectors, layoutSelectors }) => (props) =>
    specSelectors.taggedOperations().size > 0
      ? React.createElement(Original, props)
      : nothing(layoutSelectors.currentFilter());
  return { fn: { opsFilter }, wrapComponents: { operations } };
}

// Swagger UI parses a reply and writes it anew, and so makes 78 of 78.0. Here every value stays as it was sent; lines are broken only.
function showAsSent({ React }) {
  const asSent = (props) => ({ ...props, content: indented(props.content), contentType: "text/plain" });
  const shown = (props) => (/json/i.test(props.contentType) && isJson(props.content) ? asSent(props) : props);
  return { wrapComponents: { responseBody: (Original) => (props) => React.createElement(Original, shown(props)) } };
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

// JSON on several lines, each token as it is written.
function indented(text) {
  const lines = [""];
  let depth = 0;
  const broken = () => lines.push("  ".repeat(depth));
  const add = (token) => (lines[lines.length - 1] += token);
  for (const token of text.match(TOKENS) || []) {
    const last = lines[lines.length - 1].slice(-1);
    if ("}]".includes(token)) {
      depth -= 1;
      if (!"{[".includes(last)) broken();
    } else if (last === "{" || last === "[" || last === ",") {
      broken();
    }
    add(token === ":" ? ": " : token);
    if ("{[".includes(token)) depth += 1;
  }
  return lines.join("\n");
}

function bear(ui, spec, token) {
  for (const [name, scheme] of Object.entries(spec.components.securitySchemes || {})) {
    if (scheme.type === "http" && scheme.scheme === "bearer") ui.preauthorizeApiKey(name, token);
  }
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEPT, document.getElementById("token").value);
  ask.reset();
  say("Loading ...");
  load();
});

forget.addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  location.reload();
});

load();
