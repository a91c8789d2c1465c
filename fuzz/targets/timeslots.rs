//! Time slots: nothing panics, and a text lets in exactly when one of its lines does.
//!
//! Input: four bytes that make a moment, then the text.
#![no_main]

use lcas_module_support::slots::{LocalTime, Slot, Slots};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&[day, hour, minute, weekday], text)) = input.split_first_chunk::<4>() else {
        return;
    };
    let (month, day) = (u32::from(day) / 31 + 1, u32::from(day) % 31 + 1);
    let time = LocalTime::new(
        2026,
        month.min(12),
        day,
        u32::from(hour) % 24,
        u32::from(minute) % 60,
        u32::from(weekday) % 7,
    )
    .expect("a moment");
    let slots = Slots::read(text);
    let mut first = None;
    let mut bad = 0;
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        match Slot::read(line) {
            Ok(Some(slot)) if slot.contains(time) => {
                assert_eq!(slot.never(), None);
                first = first.or(Some(number));
            }
            Ok(_) => {}
            Err((at, fault)) => {
                assert!(at <= line.len() && !fault.to_string().is_empty());
                bad += 1;
            }
        }
    }
    assert_eq!(slots.line_with(time), first);
    assert_eq!(slots.bad_lines().len(), bad);
});
