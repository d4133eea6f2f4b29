// report.js: draws what report.py gathered. One column a run; the time axes of all charts move together.
"use strict";
(function () {
  // Okabe and Ito's colours, which colour-blind readers can tell apart. A route keeps its own.
  const ROUTES = ["#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#8c6d31", "#5254a3", "#7f7f7f", "#bcbd22"];
  const LOST = "#d55e00", AGAIN = "#e69f00", INK = "#444";
  const tip = document.getElementById("tip");
  const charts = [];
  const drawn = { points: 0, charts: 0 };

  function make(parent, tag, text, className) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    parent.appendChild(node);
    return node;
  }

  // How a point of each kind is drawn; a circle where nothing is said.
  function cross(context, x, y, color, size) {
    context.strokeStyle = color;
    context.lineWidth = 1.6;
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y - size);
    context.stroke();
  }

  function square(context, x, y, color, size) {
    context.fillStyle = color;
    context.fillRect(x - size, y - size, 2 * size, 2 * size);
  }

  function ring(context, x, y, color, size) {
    context.strokeStyle = color;
    context.lineWidth = 1.4;
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.stroke();
  }

  function shaped(shape) {
    return shape && ((g, name, context, x, y, color, size) => shape(context, x, y, color, size));
  }

  // A vertical line with its name at each event of the scenario.
  function underlay(happenings) {
    return (context, area, g) => {
      context.save();
      context.font = "11px system-ui, sans-serif";
      happenings.forEach(([at, what], index) => {
        const x = g.toDomXCoord(at);
        if (x < area.x || x > area.x + area.w) return;
        context.strokeStyle = "#bbb";
        context.fillStyle = "#777";
        context.beginPath();
        context.moveTo(x, area.y);
        context.lineTo(x, area.y + area.h);
        context.stroke();
        context.fillText(what, x + 3, area.y + 11 + 12 * (index % 3));
      });
      context.restore();
    };
  }

  // Rows of a chart out of series of points [t, y, words]; words[row] is what hovering shows.
  function table(series) {
    const all = [];
    series.forEach((each, column) => each.points.forEach((point) => all.push([column, point])));
    all.sort((a, b) => a[1][0] - b[1][0] || a[0] - b[0]);
    const rows = all.map(([column, point]) => {
      const row = new Array(series.length + 1).fill(null);
      row[0] = point[0];
      row[column + 1] = point[1];
      return row;
    });
    return { rows, words: all.map(([, point]) => point[2]) };
  }

  function show(event, text) {
    tip.textContent = text;
    tip.hidden = false;
    const left = event.clientX + 16 + tip.offsetWidth > window.innerWidth;
    tip.style.left = (left ? event.clientX - 16 - tip.offsetWidth : event.clientX + 16) + "px";
    tip.style.top = Math.min(event.clientY + 12, window.innerHeight - tip.offsetHeight - 8) + "px";
  }

  function legend(parent, g, series) {
    const box = make(parent, "div", undefined, "legend");
    series.forEach((each, index) => {
      const label = make(box, "label");
      const check = make(label, "input");
      check.type = "checkbox";
      check.checked = true;
      check.addEventListener("change", () => g.setVisibility(index, check.checked));
      make(label, "i").style.background = each.color;
      label.append(`${each.name} (${each.points.length.toLocaleString("en")})`);
    });
  }

  // One chart of series {name, color, line, shape, size, points: [[t, y, words]]}.
  function chart(parent, title, run, series, options, className) {
    series = series.filter((each) => each.points.length > 0);
    make(parent, "h2", title);
    if (series.length === 0) {
      make(parent, "div", "nothing to show", "quiet");
      return;
    }
    const { rows, words } = table(series);
    const below = make(parent, "div");
    const node = make(parent, "div", undefined, "chart " + (className || ""));
    const styles = {};
    for (const each of series) {
      styles[each.name] = {
        color: each.color, drawPoints: !each.line, strokeWidth: each.line ? 1.3 : 0,
        pointSize: each.size || 1.6, stepPlot: !!each.step,
        drawPointCallback: shaped(each.shape), drawHighlightPointCallback: shaped(each.shape),
      };
    }
    const g = new Dygraph(node, rows, Object.assign({
      labels: ["time"].concat(series.map((each) => each.name)), series: styles,
      connectSeparatedPoints: true, legend: "never", highlightCircleSize: 4, dateWindow: [0, run.end],
      highlightSeriesOpts: {}, highlightSeriesBackgroundAlpha: 1, axisLabelFontSize: 11,
      xRangePad: 4, yRangePad: 8, gridLineColor: "#eee", axisLineColor: "#aaa",
      underlayCallback: underlay(run.happenings),
      highlightCallback: (event, x, points, row) => show(event, `${x.toFixed(6)} s\n${words[row]}`),
      unhighlightCallback: () => { tip.hidden = true; },
      axes: {
        x: { axisLabelFormatter: (x) => `${+x.toFixed(6)} s`, pixelsPerLabel: 80 },
        y: { axisLabelWidth: 64 },
      },
    }, options || {}));
    legend(below, g, series);
    charts.push(g);
    drawn.charts += 1;
    drawn.points += rows.length;
  }

  function packetWords(side, index) {
    const p = side.packets;
    return `${p.type[index]} ${p.pn[index]} on ${side.routes[p.route[index]]}: ` +
      `${side.kinds[p.kind[index]]}, ${p.bytes[index]} bytes, ${p.ecn[index] || "no mark"}\n${p.text[index]}`;
  }

  const SHAPES = { handshake: square, again: ring, probe: ring, control: square };
  const SIZES = { handshake: 3, data: 1.5, again: 3.5, acks: 1, probe: 4, control: 2.5 };

  // Packets of one side: a series for each route and kind, and one for what was given up.
  function packetSeries(run, side) {
    const series = new Map();
    const p = side.packets;
    for (let i = 0; i < p.t.length; i++) {
      const kind = side.kinds[p.kind[i]], route = side.routes[p.route[i]];
      const name = `${route} ${kind}`;
      if (!series.has(name)) {
        series.set(name, {
          name, shape: SHAPES[kind], size: SIZES[kind], points: [],
          color: kind === "again" ? AGAIN : ROUTES[run.routes.indexOf(route) % ROUTES.length] || INK,
        });
      }
      series.get(name).points.push([p.t[i], p.pn[i], packetWords(side, i)]);
    }
    const lost = side.lost.map(([at, pn, type, why]) => [at, pn, `${type} ${pn} declared lost: ${why}`]);
    return [...series.values(), { name: "declared lost", color: LOST, shape: cross, size: 3.5, points: lost }];
  }

  function column(side, key, factor, unit, name) {
    const points = [];
    side.metrics[key].forEach((value, i) => {
      if (value !== null) {
        const y = value * factor;
        points.push([side.metrics.t[i], y, `${name} ${+y.toFixed(3)} ${unit}`]);
      }
    });
    return points;
  }

  function metrics(parent, run, side) {
    const line = (name, color, key, factor, unit) =>
      ({ name, color, line: true, step: true, points: column(side, key, factor, unit, name) });
    chart(parent, `${side.name}: congestion window and bytes in flight, kB`, run, [
      line("window", "#0072b2", "window", 1e-3, "kB"),
      line("in flight", "#cc79a7", "flight", 1e-3, "kB"),
    ], { includeZero: true });
    chart(parent, `${side.name}: round trip, ms`, run, [
      { name: "latest", color: "#56b4e9", size: 1.2, points: column(side, "latest", 1, "ms", "latest") },
      line("smoothed", "#d55e00", "smoothed", 1, "ms"),
    ], { includeZero: true });
  }

  // Where the network dropped or marked: a lane for each route.
  function network(parent, run) {
    const series = new Map();
    for (const [at, route, what, number, bytes] of run.network) {
      const name = what === "marked" ? "marked CE" : `dropped: ${what}`;
      if (!series.has(name)) {
        const color = what === "marked" ? AGAIN : ROUTES[(series.size + 4) % ROUTES.length];
        series.set(name, { name, color, shape: what === "marked" ? ring : cross, size: 3.5, points: [] });
      }
      series.get(name).points.push(
        [at, -route, `datagram ${number} on ${run.routes[route]}: ${name}, ${bytes} bytes`]);
    }
    chart(parent, "the network: drops and marks", run, [...series.values()], {
      valueRange: [0.6 - run.routes.length, 0.6],
      axes: {
        x: { axisLabelFormatter: (x) => `${+x.toFixed(6)} s`, pixelsPerLabel: 80 },
        y: {
          axisLabelWidth: 64, axisLabelFormatter: (y) => run.routes[-y] || "",
          ticker: () => run.routes.map((name, i) => ({ v: -i, label: name })),
        },
      },
    }, "low");
  }

  function states(parent, run) {
    make(parent, "h2", "paths, ECN and connection: what changed when");
    const rows = [];
    for (const side of run.sides)
      for (const [at, what, to] of side.states) rows.push([at, side.name, what, to]);
    for (const [at, what] of run.happenings) rows.push([at, "scenario", "event", what]);
    rows.sort((a, b) => a[0] - b[0]);
    const box = make(make(parent, "div", undefined, "states"), "table");
    for (const [at, who, what, to] of rows) {
      const row = make(box, "tr");
      for (const text of [`${at.toFixed(6)} s`, who, what, to]) make(row, "td", text);
    }
  }

  function head(parent, run) {
    make(parent, "h1", run.title);
    make(parent, "div", run.verdict, run.verdict.split(" ")[0]);
    make(parent, "code", run.replay);
    const both = make(parent, "div", undefined, "columns");
    const facts = make(both, "table");
    for (const [name, value] of run.facts) {
      const row = make(facts, "tr");
      make(row, "th", name);
      make(row, "td", value);
    }
    const oracles = make(both, "table");
    for (const oracle of run.oracles) {
      const row = make(oracles, "tr");
      const at = oracle.at_us === undefined ? "" : ` at ${(oracle.at_us / 1e6).toFixed(6)} s`;
      make(row, "td", oracle.holds ? "holds" : `BROKEN${at}`, oracle.holds ? "holds" : "broken");
      make(row, "td", oracle.name + (oracle.rfc ? ` (${oracle.rfc})` : ""));
      make(row, "td", oracle.what || (oracle.checked === 0 ? "nothing to check" : `${oracle.checked.toLocaleString("en")} checked`));
    }
  }

  function column_of(run) {
    const parent = make(document.getElementById("runs"), "section");
    head(parent, run);
    for (const side of run.sides)
      chart(parent, `${side.name}: packets sent, by number`, run, packetSeries(run, side), {}, "tall");
    network(parent, run);
    for (const side of run.sides)
      if (side.metrics.t.length > 0) metrics(parent, run, side);
    states(parent, run);
    make(parent, "div", "Drag to zoom, shift-drag to move, double click for all. All times move together.", "quiet");
  }

  window.onerror = (message) => { document.documentElement.dataset.error = message; };
  const runs = JSON.parse(document.getElementById("data").textContent);
  runs.forEach(column_of);
  if (charts.length > 1)
    Dygraph.synchronize(charts, { selection: false, zoom: true, range: false });
  document.documentElement.dataset.points = drawn.points;
  document.documentElement.dataset.charts = drawn.charts;
})();
