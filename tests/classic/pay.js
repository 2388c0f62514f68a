// A payment page as quickstarts have long built it: a script that asks for the
// client secret as JSON, mounts the Element, confirms, and looks on the way back.
const page = document.body.dataset;
const stripe = Stripe(page.key);
const find = (id) => document.getElementById(id);
let elements, answer;

const params = new URLSearchParams(location.search);
const paid = params.get("payment_intent_client_secret");
if (paid) checkStatus(paid);
else initialize();
find("payment-form").addEventListener("submit", handleSubmit);

async function initialize() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(page.payment, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ items: [{ id: "notebook", amount: 1 }] }),
  });
  answer = await response.json();
  if (!response.ok) return say(answer.error.message);
  elements = stripe.elements({ clientSecret: answer.clientSecret });
  elements.create("payment").mount("#payment-element");
}

async function handleSubmit(event) {
  event.preventDefault();
  find("submit").disabled = true;
  // Quickstarts come back to their own page; `?home=server` to the server's.
  const own = location.origin + location.pathname;
  const home = params.get("home") === "server" ? answer.returnUrl : own;
  const { error } = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: home },
  });
  // Only reached when the browser was not sent away.
  say(error.message);
  find("submit").disabled = false;
}

async function checkStatus(secret) {
  const { paymentIntent } = await stripe.retrievePaymentIntent(secret);
  say(paymentIntent.status);
}

function say(text) {
  find("payment-message").textContent = text;
}
