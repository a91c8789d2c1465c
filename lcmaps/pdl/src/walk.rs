//! A walk through a graph that needs no call stack and looks at every edge once.

use crate::steps;

/// A node leads to at most two others: on success and on failure.
pub(crate) type Edges = [Option<usize>; 2];

/// What a walk has seen.
pub(crate) struct Walk {
    /// Reached nodes, in the order in which they were reached.
    pub reached: Vec<usize>,
    /// Reached nodes, in the order in which they were left: without loops, a node comes behind all that it leads to.
    pub left: Vec<usize>,
}

/// An edge that leads back to where the walk came from.
pub(crate) struct Back<'a> {
    /// The nodes from the start to the end of the edge that closes the loop, and by which edge each was left.
    pub trail: &'a [Visit],
    /// Where in the trail the edge leads.
    pub target: usize,
}

/// A node on the trail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    pub node: usize,
    /// The number of the edge that is followed.
    pub edge: usize,
}

#[derive(Clone, Copy)]
enum Mark {
    New,
    OnTrail(usize),
    Left,
}

/// Walks depth first from `start` over the nodes `0..nodes`, first edges first. Calls `back` for each edge that closes
/// a loop; there is at least one such call if a loop can be reached.
pub(crate) fn walk(
    nodes: usize,
    start: usize,
    edges: impl Fn(usize) -> Edges,
    mut back: impl FnMut(Back<'_>),
) -> Walk {
    let mut marks = vec![Mark::New; nodes];
    let mut seen = Walk {
        reached: Vec::new(),
        left: Vec::new(),
    };
    let mut trail: Vec<Visit> = Vec::new();
    let mut entering = Some(start);
    loop {
        steps::count(1);
        if let Some(node) = entering.take() {
            match marks.get_mut(node) {
                Some(mark @ Mark::New) => {
                    *mark = Mark::OnTrail(trail.len());
                    seen.reached.push(node);
                    trail.push(Visit { node, edge: 0 });
                }
                Some(Mark::OnTrail(target)) => {
                    let target = *target;
                    back(Back {
                        trail: &trail,
                        target,
                    });
                    next_edge(&mut trail);
                }
                Some(Mark::Left) | None => next_edge(&mut trail),
            }
        }
        let Some(visit) = trail.last().copied() else {
            return seen;
        };
        match edges(visit.node).get(visit.edge) {
            Some(Some(target)) => entering = Some(*target),
            Some(None) => next_edge(&mut trail),
            None => {
                if let Some(mark) = marks.get_mut(visit.node) {
                    *mark = Mark::Left;
                }
                seen.left.push(visit.node);
                trail.pop();
                next_edge(&mut trail);
            }
        }
    }
}

fn next_edge(trail: &mut [Visit]) {
    if let Some(visit) = trail.last_mut() {
        visit.edge += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(graph: &[Edges]) -> (Walk, Vec<(usize, usize)>) {
        let mut loops = Vec::new();
        let seen = walk(
            graph.len(),
            0,
            |node| graph[node],
            |back| {
                loops.push((
                    back.trail.last().unwrap().node,
                    back.trail[back.target].node,
                ))
            },
        );
        (seen, loops)
    }

    #[test]
    fn a_diamond_is_no_loop_and_its_end_is_left_first() {
        let (seen, loops) = walked(&[
            [Some(1), Some(2)],
            [Some(3), None],
            [None, Some(3)],
            [None, None],
        ]);
        assert!(loops.is_empty());
        assert_eq!(seen.reached, [0, 1, 3, 2]);
        assert_eq!(seen.left, [3, 1, 2, 0]);
    }

    #[test]
    fn every_way_back_is_found_once() {
        let (_, loops) = walked(&[[Some(1), Some(0)], [Some(2), Some(0)], [None, Some(1)]]);
        assert_eq!(loops, [(2, 1), (1, 0), (0, 0)]);
    }

    #[test]
    fn what_cannot_be_reached_is_not_walked() {
        let (seen, loops) = walked(&[[None, None], [Some(1), Some(0)]]);
        assert!(loops.is_empty());
        assert_eq!(seen.reached, [0]);
    }

    #[test]
    fn the_trail_leads_from_the_start_to_the_loop() {
        let graph = [[None, Some(1)], [Some(2), None], [None, Some(1)]];
        let mut trails = Vec::new();
        walk(
            graph.len(),
            0,
            |n| graph[n],
            |back| {
                let trail: Vec<_> = back.trail.iter().map(|v| (v.node, v.edge)).collect();
                trails.push((trail, back.target));
            },
        );
        assert_eq!(trails, [(vec![(0, 1), (1, 0), (2, 1)], 1)]);
    }
}
