//! Readable tables.

use operations::one_line;

/// Columns under their heads, as wide as what is in them.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| one_line(cell)))
        .collect();
    let head = head.map(str::to_owned);
    let mut widths = [0; N];
    for row in rows.iter().chain([&head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("  {cell:width$}"));
        cells.collect::<String>().trim_end().to_owned()
    };
    let lines = [&head].into_iter().chain(&rows).map(line);
    lines.collect::<Vec<_>>().join("\n")
}

/// A table under its title, of the first rows if there are more than `lines`; nothing without rows.
pub(crate) fn section<T>(
    title: &str,
    rows: &[T],
    lines: usize,
    table: impl Fn(&[T]) -> String,
) -> Option<String> {
    let count = rows.len();
    let shown = rows.get(..lines.min(count)).unwrap_or(rows);
    let more = match count - shown.len() {
        0 => String::new(),
        more => format!("\n  and {more} more: --all"),
    };
    (count > 0).then(|| format!("{title}: {count}\n{}{more}", table(shown)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        assert_eq!(
            table(["ID", "PLAN"], &[row("äbc", "x"), row("d\ne", "")]),
            "  ID   PLAN\n  äbc  x\n  d e"
        );
    }

    #[test]
    fn a_long_list_says_what_it_leaves_out() {
        let shown = |lines| section("Held", &[1, 2, 3], lines, |some| format!("{some:?}"));
        assert_eq!(shown(2).unwrap(), "Held: 3\n[1, 2]\n  and 1 more: --all");
        assert_eq!(shown(3).unwrap(), "Held: 3\n[1, 2, 3]");
        assert_eq!(section("Held", &[0; 0], 2, |_| String::new()), None);
    }
}
