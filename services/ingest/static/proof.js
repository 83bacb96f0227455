/* The proof of work of the form (ALTCHA version 2, SHA-256, cost 1): finds the counter for which
   SHA-256(salt, nonce, counter) begins with the given prefix. Plain JavaScript of 2009: runs on old phones, and over
   plain http, where crypto.subtle is missing. The same file is the page's script and the worker. */
(function () {
  "use strict";

  function words(hex) {
    var out = [];
    for (var i = 0; i < hex.length; i += 8) { out.push(parseInt(hex.substr(i, 8), 16) | 0); }
    return out;
  }

  /* Round constants: the first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the
     square roots of the first eight (FIPS 180-4); computed, so that none can be mistyped. */
  var K = [], START = [];
  (function () {
    function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (var n = 2; K.length < 64; n++) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) { if (n % d === 0) { prime = false; break; } }
      if (prime) {
        if (START.length < 8) { START.push(fraction(Math.pow(n, 1 / 2))); }
        K.push(fraction(Math.pow(n, 1 / 3)));
      }
    }
  }());

  /* SHA-256 of salt (16 bytes), nonce (16 bytes) and counter (4 bytes): 36 bytes, one block. */
  function hasher(salt, nonce) {
    var block = words(salt).concat(words(nonce)), W = new Array(64);
    return function (counter) {
      var i, a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7];
      for (i = 0; i < 8; i++) { W[i] = block[i]; }
      W[8] = counter | 0;
      W[9] = 0x80000000 | 0;
      for (i = 10; i < 15; i++) { W[i] = 0; }
      W[15] = 36 * 8;
      for (i = 0; i < 64; i++) {
        if (i > 15) {
          var p = W[i - 15], q = W[i - 2];
          W[i] = (W[i - 16] + W[i - 7] + ((p >>> 7 | p << 25) ^ (p >>> 18 | p << 14) ^ p >>> 3)
            + ((q >>> 17 | q << 15) ^ (q >>> 19 | q << 13) ^ q >>> 10)) | 0;
        }
        var t = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0;
        var u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
        h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
      }
      return [a + START[0] | 0, b + START[1] | 0, c + START[2] | 0, d + START[3] | 0,
        e + START[4] | 0, f + START[5] | 0, g + START[6] | 0, h + START[7] | 0];
    };
  }

  function hex(state) {
    var out = "";
    for (var i = 0; i < 8; i++) { out += ("0000000" + (state[i] >>> 0).toString(16)).slice(-8); }
    return out;
  }

  /* The search in steps: step(n) tries n more counters and answers null or the solution. */
  function search(parameters) {
    var hash = hasher(parameters.salt, parameters.nonce), first = parseInt(parameters.keyPrefix.substr(0, 8), 16) | 0;
    var most = parameters.data.most, found = { at: 0, most: most };
    found.step = function (n) {
      for (var end = Math.min(found.at + n, most + 1); found.at < end; found.at++) {
        var state = hash(found.at);
        if (state[0] === first && hex(state).indexOf(parameters.keyPrefix) === 0) {
          return { counter: found.at, derivedKey: hex(state) };
        }
      }
      return null;
    };
    return found;
  }

  if (typeof document === "undefined") { /* the worker */
    self.onmessage = function (event) {
      var one = search(event.data), solution = null;
      while (!solution && one.at <= one.most) {
        solution = one.step(5000);
        self.postMessage({ part: one.at / one.most, solution: solution });
      }
      if (!solution) { self.postMessage({ part: 1, failed: true }); }
    };
    return;
  }

  var box = document.getElementById("phep-tinh");
  if (!box || !window.JSON || !window.btoa) { return; }
  var challenge = JSON.parse(box.getAttribute("data-challenge"));
  var progress = document.getElementById("phep-tinh-tien-do"), plain = document.getElementById("phep-tinh-cho");
  var form = document.getElementById("gui").form, answer = form.elements.altcha, waiting = false, said = -1, over = false;
  var source = document.currentScript ? document.currentScript.src : "/static/ingest/proof.js";

  function tell(text) { progress.textContent = text; }

  function advance(part) {
    var quarter = Math.floor(part * 4); /* a screen reader should hear four steps, not a hundred */
    if (quarter > said) { said = quarter; tell("Đang tính: " + Math.min(quarter * 25, 100) + "%" + (waiting ? ". Phiếu sẽ được gửi ngay khi tính xong." : ".")); }
  }

  function fail() {
    if (over) { return; }
    over = true;
    waiting = false;
    plain.hidden = false;
    tell("Phép tính không hoàn tất được.");
  }

  function finish(solution) {
    if (over) { return; }
    over = true;
    answer.value = window.btoa(JSON.stringify({ challenge: challenge, solution: solution }));
    tell("Phép tính đã xong. Có thể bấm gửi ý kiến.");
    if (waiting) { waiting = false; form.submit(); }
  }

  function inPieces() { /* no worker: short pieces, so that typing goes on */
    var one = search(challenge.parameters);
    (function piece() {
      var until = Date.now() + 30, solution = null;
      while (!solution && one.at <= one.most && Date.now() < until) { solution = one.step(200); }
      advance(one.at / one.most);
      if (solution) { finish(solution); } else if (one.at > one.most) { fail(); } else { setTimeout(piece, 10); }
    }());
  }

  form.addEventListener("submit", function (event) {
    if (over) { return; }
    event.preventDefault(); /* the text and the files stay; the form goes by itself in a moment */
    waiting = true;
    tell("Đang tính. Phiếu sẽ được gửi ngay khi tính xong.");
  });
  plain.hidden = true;
  advance(0);
  try {
    var worker = new Worker(source), started = false;
    worker.onmessage = function (event) {
      started = true;
      advance(event.data.part);
      if (event.data.solution) { finish(event.data.solution); } else if (event.data.failed) { fail(); }
    };
    worker.onerror = function () { if (!started) { worker.terminate(); inPieces(); } else { fail(); } };
    worker.postMessage(challenge.parameters);
  } catch (error) {
    inPieces();
  }
}());
