//! Where the states of a policy go: in columns by the longest way from the start, ordered so that few lines cross.

use lcmaps_pdl::Next;

use super::model::State;

/// A place in the grid: a state, or a point through which a long line passes.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The state; `None` for a point.
    pub state: Option<usize>,
    /// The column, from 0.
    pub column: usize,
    /// The row, from 0.
    pub row: usize,
}

/// A line from a state to another one, through points.
#[derive(Debug, Clone)]
pub struct Route {
    /// The slots on the way, both ends included.
    pub slots: Vec<usize>,
    /// It is what follows success.
    pub success: bool,
}

/// The states of a policy in a grid.
#[derive(Debug, Default)]
pub struct Layout {
    /// All places; the first ones are the states in their order.
    pub slots: Vec<Slot>,
    /// All lines.
    pub routes: Vec<Route>,
    /// How many columns there are.
    pub columns: usize,
    /// How many rows the fullest column has.
    pub rows: usize,
}

/// How often the columns are put into order.
const SWEEPS: usize = 4;

/// Puts states into a grid. There are no loops among them.
pub fn of(states: &[State]) -> Layout {
    let columns = columns(states);
    let mut layout = Layout {
        slots: (columns.iter().enumerate())
            .map(|(state, column)| Slot {
                state: Some(state),
                column: *column,
                row: 0,
            })
            .collect(),
        ..Layout::default()
    };
    for (from, state) in states.iter().enumerate() {
        for (next, success) in [(state.success, true), (state.failure, false)] {
            if let Some(Next::Goto(to)) = next {
                layout.route(from, to, success);
            }
        }
    }
    layout.columns = columns.iter().max().map_or(0, |last| last + 1);
    layout.order();
    layout
}

/// The length of the longest way to each state. States come before what they lead to only along the graph, so this
/// repeats until nothing moves; the longest way bounds the repetitions.
fn columns(states: &[State]) -> Vec<usize> {
    let mut columns = vec![0; states.len()];
    for _ in 0..states.len() {
        let mut moved = false;
        for (from, state) in states.iter().enumerate() {
            for next in [state.success, state.failure].into_iter().flatten() {
                let Next::Goto(to) = next else { continue };
                let least = columns.get(from).map_or(0, |column| column + 1);
                if let Some(column) = columns.get_mut(to).filter(|column| **column < least) {
                    *column = least;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    columns
}

impl Layout {
    fn column(&self, slot: usize) -> usize {
        self.slots.get(slot).map_or(0, |slot| slot.column)
    }

    fn route(&mut self, from: usize, to: usize, success: bool) {
        let mut slots = vec![from];
        for column in self.column(from) + 1..self.column(to) {
            slots.push(self.slots.len());
            self.slots.push(Slot {
                state: None,
                column,
                row: 0,
            });
        }
        slots.push(to);
        self.routes.push(Route { slots, success });
    }

    /// Orders each column by where the lines into it come from, success above failure.
    fn order(&mut self) {
        let mut grid: Vec<Vec<usize>> = vec![Vec::new(); self.columns];
        for (index, slot) in self.slots.iter().enumerate() {
            if let Some(column) = grid.get_mut(slot.column) {
                column.push(index);
            }
        }
        for _ in 0..SWEEPS {
            for column in &mut grid {
                let mut weighted: Vec<(f64, usize)> = column
                    .iter()
                    .map(|slot| (self.weight(*slot), *slot))
                    .collect();
                weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
                for (row, (_, slot)) in weighted.iter().enumerate() {
                    if let Some(slot) = self.slots.get_mut(*slot) {
                        slot.row = row;
                    }
                }
                *column = weighted.into_iter().map(|(_, slot)| slot).collect();
            }
        }
        self.rows = grid.iter().map(Vec::len).max().unwrap_or(0);
    }

    /// The mean of the rows from which lines come.
    #[allow(clippy::cast_precision_loss, reason = "rows are few")]
    fn weight(&self, slot: usize) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for route in &self.routes {
            for pair in route.slots.windows(2) {
                if let [from, to] = pair
                    && *to == slot
                {
                    let row = self.slots.get(*from).map_or(0, |slot| slot.row);
                    sum += row as f64 + if route.success { -0.3 } else { 0.3 };
                    count += 1.0;
                }
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }
}
