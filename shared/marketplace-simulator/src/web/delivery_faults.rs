//! What may happen to an event on its way to Portico.

use crate::delivery::Delivery;

pub(super) struct DeliveryFault {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    arrange: fn(&Delivery),
}

/// What the page offers to happen to the next event.
pub(super) const ALL: &[DeliveryFault] = &[
    DeliveryFault {
        code: "lost",
        label: "is lost",
        arrange: Delivery::drop_next,
    },
    DeliveryFault {
        code: "twice",
        label: "comes twice",
        arrange: |delivery| delivery.duplicate_next(2),
    },
    DeliveryFault {
        code: "late",
        label: "is held up",
        arrange: Delivery::delay_next,
    },
    DeliveryFault {
        code: "release",
        label: "(let those held up come now)",
        arrange: Delivery::resume,
    },
];

impl DeliveryFault {
    pub(super) fn find(code: &str) -> Option<&'static Self> {
        ALL.iter().find(|fault| fault.code == code)
    }

    pub(super) fn arrange(&self, delivery: &Delivery) {
        (self.arrange)(delivery);
    }
}
