//! Tables: plain ones in Markdown, others as HTML, and those that only place things as what is in them.

use super::{
    Block, Writer,
    inline::{Place, Wrap},
};

/// A table with more cells is kept as HTML.
const MAX_CELLS: usize = 20_000;

impl Writer<'_> {
    pub(super) fn table(&mut self, id: usize, wrap: &Wrap, depth: usize) -> Vec<Block> {
        let dom = self.dom;
        let inside = dom.inside(id);
        let rows: Vec<Vec<usize>> = inside
            .iter()
            .filter(|id| dom.name(**id) == "tr")
            .map(|row| {
                dom.children(*row)
                    .iter()
                    .copied()
                    .filter(|cell| matches!(dom.name(*cell), "td" | "th"))
                    .collect::<Vec<_>>()
            })
            .filter(|cells| !cells.is_empty())
            .collect();
        let has_heads = inside.iter().any(|id| dom.name(*id) == "th");
        let holds_tables = inside.iter().any(|id| dom.name(*id) == "table");
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        if !has_heads && (width <= 1 || holds_tables) {
            return self.blocks(id, wrap, depth);
        }
        match self.plain_table(&inside, &rows, wrap) {
            Some(text) => vec![Block::text(text)],
            None => vec![self.raw(id)],
        }
    }

    fn plain_table(&mut self, inside: &[usize], rows: &[Vec<usize>], wrap: &Wrap) -> Option<String> {
        let dom = self.dom;
        let (head, body) = rows.split_first()?;
        let is_head =
            head.iter().all(|cell| dom.name(*cell) == "th" || dom.name(dom.parent(dom.parent(*cell))) == "thead");
        let is_odd = |id: &usize| {
            let spans = ["colspan", "rowspan"]
                .iter()
                .any(|name| dom.attribute(*id, name).is_some_and(|value| value.trim() != "1"));
            let is_block = super::is_own_block(dom, *id)
                && !matches!(
                    dom.name(*id),
                    "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" | "colgroup" | "p" | "div"
                );
            spans || is_block
        };
        let is_cell_of_blocks =
            |cell: &usize| dom.inside(*cell).iter().filter(|id| matches!(dom.name(**id), "p" | "div")).count() > 1;
        let is_plain = is_head
            && rows.iter().all(|row| row.len() <= head.len())
            && rows.iter().map(Vec::len).sum::<usize>() <= MAX_CELLS
            && rows.len().saturating_mul(head.len()) <= 4 * MAX_CELLS
            && !inside.iter().any(is_odd)
            && !rows.iter().flatten().any(is_cell_of_blocks)
            && !body.iter().flatten().any(|cell| dom.name(*cell) == "th");
        if !is_plain {
            return None;
        }
        let mut text = self.row(head, head.len(), wrap);
        text.push_str("\n|");
        for (at, cell) in head.iter().enumerate() {
            // Where the head does not say it, its column may.
            let mut column = body.iter().filter_map(|row| row.get(at)).map(|cell| alignment(dom, *cell));
            let first = column.next().unwrap_or_default();
            let of_column = if column.all(|side| side == first) { first } else { "" };
            let own = alignment(dom, *cell);
            text.push_str(match if own.is_empty() { of_column } else { own } {
                "left" => " :-- |",
                "center" => " :-: |",
                "right" => " --: |",
                _ => " --- |",
            });
        }
        for row in body {
            text.push('\n');
            text.push_str(&self.row(row, head.len(), wrap));
        }
        Some(text)
    }

    fn row(&mut self, cells: &[usize], width: usize, wrap: &Wrap) -> String {
        let mut row = String::from("|");
        for at in 0..width {
            let nodes = cells.get(at).map(|cell| self.dom.children(*cell).to_vec()).unwrap_or_default();
            let text = self.inline(&nodes, wrap, Place::Cell).into_iter().next().unwrap_or_default();
            row.extend([" ", &text, if text.is_empty() { "|" } else { " |" }]);
        }
        row
    }
}

fn alignment(dom: &super::Dom, cell: usize) -> &'static str {
    let style = dom.attribute(cell, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let align = dom.attribute(cell, "align").unwrap_or_default().to_ascii_lowercase();
    ["left", "center", "right"]
        .into_iter()
        .find(|side| {
            align == *side
                || style.contains(&format!("text-align:{side}"))
                || dom.has_class(cell, side)
                || dom.has_class(cell, &format!("has-text-align-{side}"))
        })
        .unwrap_or_default()
}
