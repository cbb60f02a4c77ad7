//! What may happen to an event on its way to Portico.

use marketplace_simulator::Delivery;

pub(super) struct DeliveryFault {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    arrange: fn(&Delivery),
}

/// What the page offers to happen to the next event.
pub(super) const ALL: &[DeliveryFault] = &[
    fault("lost", "is lost", Delivery::drop_next),
    fault("twice", "comes twice", |delivery| {
        delivery.duplicate_next(2);
    }),
    fault("late", "is held up", Delivery::delay_next),
    fault("release", "(let those held up come now)", Delivery::resume),
];

const fn fault(code: &'static str, label: &'static str, arrange: fn(&Delivery)) -> DeliveryFault {
    DeliveryFault {
        code,
        label,
        arrange,
    }
}

impl DeliveryFault {
    pub(super) fn find(code: &str) -> Option<&'static Self> {
        ALL.iter().find(|fault| fault.code == code)
    }

    pub(super) fn arrange(&self, delivery: &Delivery) {
        (self.arrange)(delivery);
    }
}
