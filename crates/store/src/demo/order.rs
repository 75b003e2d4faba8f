//! What is on the benches when the morning begins.

use shopbell_protocol::{
    Passcode,
    Priority::{self, High, Low, Medium, Urgent},
    Status::{self, *},
};

use super::people::{DANA, JELENA, OLGA, TARIK, THEO};

/// A work order of a demo shop. Hours count back from now, save for `due`, which counts forward.
#[derive(Clone, Copy)]
pub(super) struct Order {
    /// The customer's place in the shop's list, from 1.
    pub(super) customer: usize,
    pub(super) device: &'static str,
    pub(super) fault: &'static str,
    pub(super) status: Status,
    pub(super) priority: Priority,
    /// Whose bench it is on, by e-mail.
    pub(super) technician: Option<&'static str>,
    /// Both in whole euros.
    pub(super) estimate: Option<i64>,
    pub(super) cost: Option<i64>,
    pub(super) opened: i64,
    pub(super) touched: i64,
    pub(super) due: Option<i64>,
    passcode: Option<&'static str>,
    /// Who took in the ticket that it was made from, by e-mail, and what the customer said then.
    pub(super) submitter: Option<&'static str>,
    pub(super) problem: &'static str,
}

/// Of shop 1, the oldest first: an order's place, from 1, is its number. The fortieth is made this morning.
#[rustfmt::skip]
pub(super) const FIRST: [Order; 39] = [
    order(4, "Lenovo ThinkPad T480", "Keys E, R and the space bar dead after a spilt coffee. Keyboard to be replaced.").is(PickedUp, Medium).by(TARIK).costs(95, 41).hours(620, 500),
    order(12, "Samsung Galaxy A52", "Charges only when the cable is held at an angle.").is(PickedUp, Low).by(JELENA).costs(59, 14).hours(590, 470),
    order(20, "MacBook Air 13\" (2019)", "Wine over the keyboard. Board corroded around the charging circuit; repair dearer than the machine.").is(Declined, Medium).by(JELENA).costs(489, 0).hours(560, 430),
    order(8, "PlayStation 4 Slim", "Loud, then switches itself off after ten minutes of play.").is(PickedUp, Medium).by(TARIK).costs(65, 9).hours(530, 410),
    order(16, "Epson TM-T20III", "Receipt printer: cutter jammed, red light. Worked again after they cleaned it themselves.").is(Cancelled, Medium).hours(500, 480),
    order(30, "iPhone 11", "Battery at 71 %, dies at the tram stop.").is(PickedUp, Medium).by(JELENA).costs(79, 28).hours(470, 350).code("482913"),
    order(24, "Acer TravelMate B3", "Does not start after an update. Pupil's files are on the school's server: may be reset.").is(ReadyForPickup, Low).by(TARIK).costs(45, 0).hours(400, 190),
    order(17, "Dyson V8 Absolute", "Pulses and stops. Customer bought a new one meanwhile.").is(Cancelled, Low).hours(380, 300),
    order(10, "Sony WH-1000XM4", "Left ear cup silent since it was sat on.").is(ReadyForPickup, Medium).by(JELENA).costs(69, 22).hours(340, 96).due(-72),
    order(3, "Huawei P30 Lite", "Glass cracked from corner to corner, touch still works.").is(ReadyForPickup, Medium).by(JELENA).costs(89, 34).hours(310, 70).due(-48).code("1507"),
    order(23, "HP LaserJet Pro M404dn", "Takes three sheets at once and jams. Customer finds 140 too much for it.").is(Declined, Low).by(TARIK).costs(140, 52).hours(290, 120),
    order(6, "iPad (9th generation)", "Dropped by a child: glass cracked, picture fine.").is(Completed, Medium).by(JELENA).costs(119, 47).hours(240, 20).due(4).code("0000"),
    order(28, "Dell Latitude 5420", "Office laptop, no sign of life with charger or dock.").is(Completed, High).by(TARIK).costs(165, 88).hours(220, 18).due(-2),
    order(14, "Xbox Series S", "HDMI socket bent, no picture on any television.").is(PartsOrdered, Medium).by(TARIK).costs(85, 12).hours(200, 90).due(30),
    order(1, "iPhone 13", "Rear camera hunts and blurs, front camera is fine.").is(PartsOrdered, Medium).by(JELENA).costs(149, 74).hours(180, 66).due(52).code("271196"),
    order(21, "Nintendo Switch OLED", "Left Joy-Con walks by itself; the right one does not click into the rail.").is(PartsOrdered, Low).by(TARIK).costs(55, 19).hours(170, 64).due(48),
    order(22, "MacBook Pro 14\" (2021)", "Display flickers at low brightness. Panel or cable: to be opened.").is(AwaitingApproval, High).by(JELENA).costs(620, 395).hours(150, 44).due(24).code("elodie2021"),
    order(5, "Lenovo IdeaPad 5", "Right hinge tore out of the lid.").is(AwaitingApproval, Medium).by(TARIK).costs(110, 38).hours(140, 42).due(20),
    order(19, "Samsung Galaxy S22", "Green line down the screen since the last update.").is(AwaitingApproval, Medium).by(JELENA).costs(189, 121).hours(130, 40).due(26).code("2580"),
    order(9, "JBL Boombox 2", "Lights up, pairs, no sound. Rain got in.").is(Quoted, Low).by(TARIK).costs(75, 21).hours(120, 36).due(60),
    order(11, "DJI Mini 2", "Gimbal arm bent after a meeting with an olive tree.").is(Quoted, Medium).by(JELENA).costs(135, 58).hours(110, 34).due(70),
    order(27, "Xiaomi Redmi Note 11", "Fell into the sea at Crikvenica, rinsed and dried. Vibrates, no picture.").is(Quoted, Medium).costs(98, 40).hours(100, 30).due(44),
    order(13, "ASUS ROG Strix G15", "Fan grinds, slows down in games. Cleaned, new fan and paste.").is(Testing, Medium).by(TARIK).costs(92, 31).hours(96, 15).due(5),
    order(7, "iPhone 12 mini", "New battery; proximity sensor to be checked after it.").is(Testing, Medium).by(JELENA).costs(79, 27).hours(90, 14).due(3).code("903311"),
    order(2, "Google Pixel 6a", "Screen black after a fall, rings when called.").is(InProgress, High).by(TARIK).costs(159, 92).hours(80, 16).due(2).code("L shape").taken_in(DANA, "Fell on the stairs, the screen stays black."),
    order(26, "Microsoft Surface Pro 7", "Battery swollen, screen lifting. Keep away from heat!").is(InProgress, Urgent).by(JELENA).costs(210, 96).hours(76, 17).due(6).code("7731"),
    order(15, "iMac 24\" (2021)", "Slow, spins for minutes. Copy everything to the new disk before anything else.").is(InProgress, Medium).by(TARIK).costs(180, 105).hours(72, 19).due(28).code("kamera88"),
    order(18, "Samsung Galaxy Tab S7", "USB-C socket worn out.").is(InProgress, Medium).by(JELENA).costs(69, 11).hours(70, 21).due(8),
    order(29, "Lenovo ThinkPad X1 Carbon (gen 9)", "Trackpad clicks only in the upper half.").is(Pending, Medium).by(TARIK).costs(99, 36).hours(60, 22).due(29).code("krakow14").taken_in(DANA, "Trackpad does not always click."),
    order(25, "iPhone SE (2020)", "Home button dead.").is(Pending, Low).by(JELENA).costs(64, 18).hours(54, 23).due(33).code("112358"),
    order(16, "Sunmi V2 Pro", "Till: lower half of the touch screen dead. They take orders on paper until it is back.").is(Pending, Urgent).costs(120, 55).hours(48, 16).due(4).code("4321").taken_in(DANA, "Till takes no touches in the lower half."),
    order(4, "Bose QuietComfort 35 II", "Headband cushion torn, one cable contact loose.").is(Pending, Low).costs(49, 15).hours(46, 24).due(75),
    order(8, "Steam Deck 64 GB", "Left trigger stays down.").is(Diagnosing, Medium).by(TARIK).hours(30, 18).due(50).taken_in(TARIK, "Left trigger hangs."),
    order(10, "MacBook Air M1", "Does not charge on either side. Flies home on Sunday.").is(Diagnosing, High).by(JELENA).hours(28, 17).due(27).code("berge2468"),
    order(30, "Canon EOS 250D", "Error 20 on every third picture.").is(Diagnosing, Medium).by(JELENA).hours(27, 19).due(54).taken_in(DANA, "Shows an error and has to be switched off and on."),
    order(12, "HP Pavilion 15", "Blue screen a few minutes after start.").is(Diagnosing, Medium).hours(26, 20).due(56),
    order(23, "iPhone 14 Pro", "Back glass in pieces, camera bump dented.").is(Intake, Medium).hours(20, 20).due(30).code("559020").taken_in(DANA, "Fell on the tram tracks, the back is broken."),
    order(6, "Garmin fēnix 6", "Lower left button stuck, sunscreen by the look of it.").is(Intake, Low).hours(19, 19).due(72).taken_in(JELENA, "One button does not come back out."),
    order(20, "Samsung Galaxy Z Flip4", "Crack along the fold, upper half black. Her only phone.").is(Intake, High).hours(18, 18).due(25).code("2024").taken_in(DANA, "Cracked along the fold, half of it is black."),
];

/// Of shop 2.
#[rustfmt::skip]
pub(super) const SECOND: [Order; 6] = [
    order(1, "Gazelle Ultimate C8 display", "E-bike display stays dark.").is(PickedUp, Medium).by(THEO).costs(85, 40).hours(300, 200),
    order(2, "Fairphone 4", "USB-C module worn out.").is(ReadyForPickup, Low).by(THEO).costs(39, 20).hours(120, 30).due(-6),
    order(4, "iPad Air (4th generation)", "Till stand: cracked glass.").is(InProgress, High).by(THEO).costs(139, 66).hours(60, 20).due(7).code("1111"),
    order(3, "Philips LatteGo 3200", "Grinds, but no coffee comes.").is(Diagnosing, Medium).by(THEO).hours(40, 22).due(40).taken_in(OLGA, "Grinds, but no coffee comes."),
    order(2, "Sonos One", "Hums on standby.").is(Pending, Low).costs(55, 12).hours(30, 21).due(60),
    order(1, "Nokia 3310", "Battery no longer holds a month.").is(Intake, Low).hours(10, 10).taken_in(THEO, "Battery no longer holds a month."),
];

const fn order(customer: usize, device: &'static str, fault: &'static str) -> Order {
    Order {
        customer,
        device,
        fault,
        status: Intake,
        priority: Medium,
        technician: None,
        estimate: None,
        cost: None,
        opened: 0,
        touched: 0,
        due: None,
        passcode: None,
        submitter: None,
        problem: "",
    }
}

impl Order {
    const fn is(self, status: Status, priority: Priority) -> Self {
        Self {
            status,
            priority,
            ..self
        }
    }

    const fn by(self, technician: &'static str) -> Self {
        Self {
            technician: Some(technician),
            ..self
        }
    }

    const fn costs(self, estimate: i64, cost: i64) -> Self {
        Self {
            estimate: Some(estimate),
            cost: Some(cost),
            ..self
        }
    }

    const fn hours(self, opened: i64, touched: i64) -> Self {
        Self {
            opened,
            touched,
            ..self
        }
    }

    const fn due(self, hours: i64) -> Self {
        Self {
            due: Some(hours),
            ..self
        }
    }

    const fn code(self, passcode: &'static str) -> Self {
        Self {
            passcode: Some(passcode),
            ..self
        }
    }

    const fn taken_in(self, by: &'static str, problem: &'static str) -> Self {
        Self {
            submitter: Some(by),
            problem,
            ..self
        }
    }

    pub(super) fn passcode(&self) -> Option<Passcode> {
        self.passcode.map(|code| Passcode(code.to_owned()))
    }

    /// How many hours ago work on it began.
    pub(super) const fn started(&self) -> Option<i64> {
        match self.status {
            InProgress | Testing | Completed | ReadyForPickup | PickedUp => {
                Some((self.opened + self.touched) / 2)
            }
            _ => None,
        }
    }

    /// How many hours ago it was finished.
    pub(super) const fn completed(&self) -> Option<i64> {
        match self.status {
            Completed => Some(self.touched),
            ReadyForPickup | PickedUp => Some((self.opened + 3 * self.touched) / 4),
            _ => None,
        }
    }

    /// How often it was changed so far: about once for each step on the usual way.
    pub(super) const fn changes(&self) -> i64 {
        match self.status {
            Intake => 0,
            Diagnosing | Cancelled => 1,
            Quoted => 2,
            AwaitingApproval => 3,
            Pending | Declined => 4,
            PartsOrdered | InProgress => 5,
            Testing => 6,
            Completed => 7,
            ReadyForPickup => 8,
            PickedUp => 9,
        }
    }
}
