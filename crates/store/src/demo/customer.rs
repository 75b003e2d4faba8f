//! Who brings things to be repaired.

/// A customer of a demo shop; an empty text is none.
#[derive(Clone, Copy)]
pub(super) struct Customer {
    pub(super) name: &'static str,
    pub(super) phone: &'static str,
    pub(super) email: &'static str,
    pub(super) address: &'static str,
    pub(super) notes: &'static str,
}

/// Of shop 1; orders name them by their place, from 1.
pub(super) const FIRST: [Customer; 30] = [
    customer(
        "Ivana Babić",
        "+385 91 555 0101",
        "ivana.babic@mail.example",
        "Ilica 42, Zagreb",
    ),
    customer(
        "Luka Marić",
        "+385 98 555 0102",
        "luka.maric@mail.example",
        "Savska cesta 117, Zagreb",
    ),
    customer(
        "Emina Hadžić",
        "+387 61 555 103",
        "emina.h@mail.example",
        "Ferhadija 9, Sarajevo",
    )
    .noted("Speaks Bosnian and German. Prefers messages over calls."),
    customer(
        "Petar Jovanović",
        "+381 64 555 0104",
        "",
        "Knez Mihailova 20, Beograd",
    ),
    customer(
        "Katarina Zupan",
        "+386 41 555 105",
        "katarina.zupan@posta.example",
        "Trubarjeva 33, Ljubljana",
    ),
    customer(
        "Stjepan Knežević",
        "+385 95 555 0106",
        "s.knezevic@mail.example",
        "Maksimirska 61, Zagreb",
    ),
    customer(
        "Amra Delić",
        "+387 62 555 107",
        "amra.delic@mail.example",
        "Zmaja od Bosne 14, Sarajevo",
    ),
    customer(
        "Nikola Petrović",
        "+381 63 555 0108",
        "nikola.p@mail.example",
        "Bulevar oslobođenja 5, Novi Sad",
    ),
    customer(
        "Lucija Perić",
        "+385 99 555 0109",
        "lucija.peric@mail.example",
        "Vlaška 88, Zagreb",
    ),
    customer(
        "Hans Bergmann",
        "+49 151 5550110",
        "h.bergmann@post.example",
        "Rosenheimer Str. 12, München",
    )
    .noted("On holiday here until the end of the month; needs an invoice in English."),
    customer(
        "Giulia Rossi",
        "+39 347 555 0111",
        "giulia.rossi@posta.example",
        "Via Carducci 7, Trieste",
    ),
    customer("Davor Šimić", "+385 91 555 0112", "", "Dubrava 201, Zagreb"),
    customer(
        "Milica Stanković",
        "+381 65 555 0113",
        "milica.st@mail.example",
        "Cara Dušana 48, Niš",
    ),
    customer(
        "Tomislav Grgić",
        "+385 98 555 0114",
        "tomo.grgic@mail.example",
        "Ozaljska 3, Zagreb",
    ),
    customer(
        "Sanja Vuković",
        "+385 92 555 0115",
        "sanja.vukovic@studio.example",
        "Tkalčićeva 15, Zagreb",
    )
    .noted("Photographer: never wipe a disk without asking."),
    customer(
        "Caffe bar Korzo",
        "+385 1 555 0116",
        "korzo@bar.example",
        "Trg Petra Preradovića 4, Zagreb",
    )
    .noted("Business account. Ask for Mladen; tills go first."),
    customer(
        "Zoran Ilić",
        "+381 60 555 0117",
        "",
        "Vojvode Stepe 152, Beograd",
    ),
    customer(
        "Maja Kralj",
        "+386 31 555 118",
        "maja.kralj@posta.example",
        "Celovška 72, Ljubljana",
    ),
    customer(
        "Edin Mujić",
        "+387 61 555 119",
        "edin.mujic@mail.example",
        "Titova 40, Sarajevo",
    ),
    customer(
        "Ana-Marija Lovrić",
        "+385 97 555 0120",
        "am.lovric@mail.example",
        "Heinzelova 55, Zagreb",
    ),
    customer(
        "Filip Horvatić",
        "+385 91 555 0121",
        "filip.horvatic@mail.example",
        "Radnička 23, Zagreb",
    ),
    customer(
        "Élodie Martin",
        "+33 6 55 55 01 22",
        "elodie.martin@courriel.example",
        "Rue Paul Bert 8, Lyon",
    ),
    customer(
        "Goran Pavić",
        "+385 95 555 0123",
        "",
        "Selska cesta 90, Zagreb",
    ),
    customer(
        "OŠ Ivana Gundulića",
        "+385 1 555 0124",
        "informatika@skola.example",
        "Gundulićeva 23a, Zagreb",
    )
    .noted("School: 24 laptops of one kind; bills go to the city."),
    customer(
        "Jasmina Begić",
        "+387 63 555 125",
        "jasmina.begic@mail.example",
        "Maršala Tita 2, Tuzla",
    ),
    customer(
        "Matej Vidmar",
        "+386 40 555 126",
        "matej@vidmar.example",
        "Slovenska 11, Maribor",
    ),
    customer(
        "Nina Radić",
        "+385 98 555 0127",
        "nina.radic@mail.example",
        "Trešnjevački trg 1, Zagreb",
    ),
    customer(
        "Autoškola Volan",
        "+385 1 555 0128",
        "ured@volan.example",
        "Zagrebačka 66, Velika Gorica",
    )
    .noted("Business account, pays within 15 days."),
    customer(
        "Piotr Wiśniewski",
        "",
        "piotr.w@poczta.example",
        "Długa 14, Kraków",
    ),
    customer(
        "Vesna Blažević",
        "+385 91 555 0130",
        "vesna.blazevic@mail.example",
        "Bukovačka 130, Zagreb",
    ),
];

/// Of shop 2.
pub(super) const SECOND: [Customer; 4] = [
    customer(
        "Rita Meijer",
        "+31 6 55550201",
        "rita.meijer@post.example",
        "Oudegracht 112, Utrecht",
    ),
    customer(
        "Bram de Vries",
        "+31 6 55550202",
        "bram@devries.example",
        "Biltstraat 40, Utrecht",
    ),
    customer(
        "Sofie Janssens",
        "+32 470 55 02 03",
        "",
        "Meir 18, Antwerpen",
    ),
    customer(
        "Café de Zon",
        "+31 30 555 0204",
        "info@dezon.example",
        "Neude 3, Utrecht",
    ),
];

const fn customer(
    name: &'static str,
    phone: &'static str,
    email: &'static str,
    address: &'static str,
) -> Customer {
    Customer {
        name,
        phone,
        email,
        address,
        notes: "",
    }
}

impl Customer {
    const fn noted(self, notes: &'static str) -> Self {
        Self { notes, ..self }
    }
}
