//! The costs of deliveries as bars.

use std::fmt::Write as _;

use super::super::results::{Header, Record};
use super::series::{Of, spread};

const GROUPS: [(&str, &str, usize); 6] = [
    ("1 in flight, 1,000", "sparse", 1000),
    ("1 in flight, 10,000", "sparse", 10_000),
    ("4 in flight, 1,000", "burst", 1000),
    ("4 in flight, 10,000", "burst", 10_000),
    ("100 rooms of 10", "rooms", 100),
    ("1,000 rooms of 10", "rooms", 1000),
];

/// Servers in the order of their bars, with their colours.
const SERVERS: [(&str, &str); 6] = [
    ("bare", "#8a8f98"),
    ("coalesced", "#b9a06a"),
    ("engine", "#d6336c"),
    ("uws", "#2f9e73"),
    ("socketioxide", "#3b82d0"),
    ("node", "#8a63d2"),
];

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 50.0;
const TOP: f64 = 60.0;
const BOTTOM: f64 = 360.0;
const BAR: f64 = 24.0;

/// An image that is readable on white and on black.
pub(super) fn draw(header: &Header, records: &[Record]) -> String {
    let cost = |server, scenario, size| {
        let value = "core";
        let of = Of {
            server,
            scenario,
            size,
            value,
        };
        spread(records, of)
    };
    let costs =
        GROUPS.map(|(_, scenario, size)| SERVERS.map(|(server, _)| cost(server, scenario, size)));
    let most = costs.iter().flatten().flatten();
    let most = most.map(|spread| spread.most).fold(1.0, f64::max);
    let height = |value: f64| (BOTTOM - TOP - 16.0) * value / most;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>CPU of the server's core, in microseconds for each delivery, {}</title>\n\
         <style>text {{ fill: #1f2328 }} .line {{ stroke: #1f2328; stroke-opacity: .25 }} \
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .line {{ stroke: #e6edf3 }} }}</style>\n\
         <text x=\"{LEFT}\" y=\"18\" font-size=\"14\">CPU of the server's core for each delivery, µs \
         (medians; the thin lines reach from least to greatest)</text>\n",
        header.date
    );
    let mut out = |line: String| {
        // Writing to a string cannot fail.
        writeln!(svg, "{line}").ok();
    };
    for (place, (server, colour)) in SERVERS.iter().enumerate() {
        let x = LEFT + 130.0 * place as f64;
        out(format!(
            "<rect x=\"{x}\" y=\"30\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"{}\" y=\"40\">{server}</text>",
            x + 18.0
        ));
    }
    let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
    let step = step
        .into_iter()
        .find(|step| most / step <= 6.0)
        .unwrap_or(most);
    for line in 0..=(most / step) as usize {
        let value = line as f64 * step;
        let y = BOTTOM - height(value);
        out(format!(
            "<line class=\"line\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            LEFT - 6.0,
            y + 4.0
        ));
    }
    let wide = (WIDTH - LEFT) / GROUPS.len() as f64;
    for (group, ((name, ..), costs)) in GROUPS.iter().zip(costs).enumerate() {
        let left = LEFT + wide * group as f64;
        let bars = costs.iter().flatten().count() as f64 * BAR;
        let mut x = left + (wide - bars) / 2.0;
        for ((server, colour), spread) in SERVERS.iter().zip(costs) {
            let Some(spread) = spread else { continue };
            let tall = height(spread.median);
            let middle = x + BAR / 2.0;
            out(format!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{}\" height=\"{tall:.1}\" fill=\"{colour}\">\
                 <title>{server}, {name}: {} µs</title></rect>\
                 <line class=\"line\" style=\"stroke-opacity:.8\" x1=\"{middle:.1}\" x2=\"{middle:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\
                 <text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\">{:.1}</text>",
                x + 1.0,
                BOTTOM - tall,
                BAR - 2.0,
                spread.show(2),
                BOTTOM - height(spread.least),
                BOTTOM - height(spread.most),
                BOTTOM - height(spread.most) - 4.0,
                spread.median
            ));
            x += BAR;
        }
        out(format!(
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
            left + wide / 2.0,
            BOTTOM + 20.0
        ));
    }
    out("</svg>".to_owned());
    svg
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    #[test]
    fn every_server_that_was_measured_has_a_bar() {
        let records = [
            record(0, "bare", "sparse", 1000, &[("core", 2.0)]),
            record(0, "engine", "sparse", 1000, &[("core", 2.1)]),
            record(0, "engine", "rooms", 100, &[("core", 3.25)]),
        ];
        let svg = draw(&Header::default(), &records);
        assert_eq!(svg.matches("µs</title></rect>").count(), 3);
        assert!(svg.contains("engine, 100 rooms of 10: 3.25 (3.25–3.25) µs"));
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    }
}
