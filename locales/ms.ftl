# Every word that Laman says in Malay, as it is written in Malaysia. No plural forms: a number needs no branches, save for none.

## Numbers and dates
number-group = ,
weekday-1 = Isnin
weekday-2 = Selasa
weekday-3 = Rabu
weekday-4 = Khamis
weekday-5 = Jumaat
weekday-6 = Sabtu
weekday-7 = Ahad
month-1 = Januari
month-2 = Februari
month-3 = Mac
month-4 = April
month-5 = Mei
month-6 = Jun
month-7 = Julai
month-8 = Ogos
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Disember
date-day = { $weekday }, { $day } { $month } { $year }
date-short = { $day } { $month } { $year }
date-month = { $month } { $year }
date-time = { $hour }:{ $minute }
date-moment = { $date }, { $time }

## Around every page
skip-to-content = Langkau ke kandungan
navigation = Laman
archive = Arkib
search = Cari
feed = Suapan
to-home = Ke halaman utama

## Lists
no-posts = Belum ada siaran yang diterbitkan.
read-more = Baca lagi
read-more-of = Baca lagi “{ $it }”
updated = dikemas kini pada
tags = Tag
comment-count = { $count ->
    [0] Tiada ulasan
   *[other] { $n } ulasan
}
post-count = { $n } siaran
pages-of-list = Sambungan senarai ini
newer-posts = Siaran lebih baharu
newest-posts = Siaran terbaharu
older-posts = Siaran lebih lama
tag-heading = Siaran dengan tag “{ $it }”
author-heading = Siaran oleh { $it }
whole-archive = Seluruh arkib
neighbours = Sebelum dan selepas
newer-post = Lebih baharu
older-post = Lebih lama
reading-minutes = Bacaan { $n } minit
untitled = Tanpa tajuk

## Search
search-label = Cari dalam blog ini
search-nothing = Tiada hasil untuk “{ $it }”. Cuba kurangkan perkataan atau gunakan perkataan lain.
search-results = Hasil carian untuk “{ $it }”
better-matches = Hasil lebih tepat
more-matches = Hasil seterusnya

## Comments
comments-invite = Jadilah yang pertama mengulas.
post-a-comment = Tulis ulasan
comments-closed = Ulasan telah ditutup.
comments-closed-kept = Sementara anda menulis, ulasan untuk siaran ini telah ditutup. Teks anda masih ada di bawah supaya anda boleh menyalinnya.
comment-text = Ulasan anda
comment-help = Paling banyak { $n } aksara. *condong*, **tebal**, `kod`, > kutipan, - senarai dan pautan boleh digunakan; HTML tidak.
name = Nama
email-optional = E-mel (pilihan)
email-help = Tidak akan dipaparkan kepada pembaca.
website-optional = Laman web (pilihan)
trap = Biarkan kosong
send-comment = Hantar ulasan
preview = Pratonton
reply = Balas
reply-to = Balas kepada { $it }
in-reply-to = balasan kepada { $it }
in-reply-to-removed = balasan kepada ulasan yang telah dipadamkan
own-mark = Penulis
comment-removed = Ulasan ini telah dipadamkan.
comment-on = Ulasan untuk “{ $it }”
back-to = Kembali ke “{ $it }”
comment-yours = Ulasan anda
comment-waiting = Terima kasih. Ulasan anda telah disimpan dan menunggu semakan pemilik blog sebelum orang lain dapat melihatnya. Halaman ini untuk anda sahaja: kembali ke sini untuk mengetahui perkembangannya.
comment-mend = Belum dihantar: lihat bahagian yang ditanda di bawah.
comment-duplicate = Ulasan ini sudah diterima; anda tidak perlu menghantarnya sekali lagi.
comment-parent-gone = Sementara anda menulis, ulasan yang anda balas telah dipadamkan. Teks anda masih ada di bawah.
comment-too-many = Terlalu cepat sedikit. Teks anda masih ada di bawah; sila hantar semula selepas { $n } saat.
error-comment-empty = Sila tulis sesuatu dahulu.
error-comment-long = Terlalu panjang, lebih { $n } aksara.
error-name = Berikan nama yang tidak melebihi 80 aksara.
error-name-own = Nama ini milik seorang penulis blog ini. Sila pilih nama lain.
error-email = Ini bukan alamat e-mel.
error-website = Berikan alamat seperti https://example.org, atau biarkan kosong.
error-too-deep = Kutipan atau senarai bersarang terlalu dalam. Kurangkan peringkatnya.
error-too-long = Teks ini terlalu panjang.
feed-comments = Ulasan: { $it }
feed-comment = { $name } mengulas { $title }

## Errors
error-400 = Ini tidak dapat difahami
error-400-text = Blog ini tidak dapat membaca alamat atau borang yang dihantar. Sila kembali dan cuba lagi.
error-403 = Tidak dibenarkan
error-403-text = Ini dihantar dari laman lain, atau anda tidak dibenarkan melakukannya.
error-404 = Tiada apa-apa di sini
error-404-text = Tiada halaman di alamat ini. Mungkin halaman itu telah dipindahkan, atau alamatnya tersalah taip.
error-405 = Bukan begini caranya
error-405-text = Alamat ini tidak menerima apa yang dihantar kepadanya.
error-413 = Terlalu banyak sekali gus
error-413-text = Apa yang dihantar melebihi had blog ini. Sila kembali dan pendekkan.
error-429 = Perlahan sedikit
error-429-text = Permintaan datang terlalu kerap. Sila tunggu sebentar, kemudian cuba lagi.
error-500 = Ada yang tidak kena
error-500-text = Puncanya di pihak kami, dan sudah direkodkan. Sila cuba lagi sebentar nanti.
error-503 = Belum boleh sekarang
error-503-text = Blog ini tidak dapat melakukannya buat masa ini. Sila tunggu sebentar, kemudian cuba lagi.
error-not-set-up = Tidak lama lagi
error-not-set-up-text = Blog ini belum disediakan. Orang yang memulakannya boleh mendapatkan pautan persediaan dalam output program.

## Sign-in and set-up
sign-in = Log masuk
sign-out = Log keluar
email = E-mel
password = Kata laluan
sign-in-failed = Alamat e-mel dan kata laluan tidak sepadan. Sila cuba lagi.
sign-in-too-many = Terlalu banyak percubaan. Sila tunggu beberapa minit, kemudian cuba lagi.
sign-in-not-now = Log masuk belum dapat dilakukan: cakera penuh atau sibuk. Apa yang anda taip masih ada di sini; cuba lagi sebentar.
session-ended = Sesi anda telah tamat. Log masuk semula, dan teks anda akan kembali ke dalam borangnya.
session-resumed = Anda telah log masuk semula, dan teks anda ada di sini. Teks ini belum disimpan.
setup-title = Sediakan blog anda
setup-text = Dua minit sahaja, dan blog ini milik anda. Semuanya kecuali kata laluan boleh diubah kemudian dalam Tetapan.
setup-blog = Blog
setup-you = Anda
setup-go = Cipta blog
blog-title = Tajuk
blog-description = Keterangan
blog-description-help = Satu baris di bawah tajuk. Boleh dikosongkan.
language = Bahasa
language-help = Untuk siaran anda dan perkataan di sekelilingnya. Perkataan yang belum diterjemahkan dipaparkan dalam bahasa Inggeris.
zone = Zon masa
zone-help = Hari bermula dan berakhir mengikut zon ini.
name-help = Dipaparkan di bawah siaran anda.
sign-in-name-help = Digunakan untuk log masuk. Tidak akan dipaparkan.
password-help = Sekurang-kurangnya 15 aksara. Beberapa perkataan berturut-turut mudah diingat.
password-too-short = Gunakan sekurang-kurangnya 15 aksara.
password-too-long = Gunakan paling banyak 1,024 bait.
password-too-easy = Kata laluan ini mudah diteka. Pilih yang kurang teratur, tanpa nama-nama di atas.

## Admin
admin-navigation = Pentadbiran
posts = Siaran
pages = Halaman
comments = Ulasan
settings = Tetapan
held-count = { $n } ulasan menunggu
new-post = Siaran baharu
new-page = Halaman baharu
edit-post = Sunting siaran
edit-page = Sunting halaman
states = Status
state = Status
state-any = Semua
state-draft = Draf
state-scheduled = Dijadualkan
state-published = Diterbitkan
state-trash = Tong sampah
title = Tajuk
text = Teks
when = Masa
actions = Tindakan
saved-at = disimpan pada { $it }
view = Lihat
view-it = Lihat “{ $it }”
restore = Pulihkan
trash = Buang
move-to-trash = Buang ke tong sampah
in-trash = Ini ada dalam tong sampah; pembaca tidak dapat melihatnya.
nothing-in-state = Tiada apa-apa dengan status ini.
no-posts-yet = Belum ada siaran. Tulis yang pertama.
no-pages-yet = Belum ada halaman. Halaman seperti “Perihal” muncul dalam menu dan tidak bertarikh.
text-help = Markdown. Baris yang hanya mengandungi <!--more--> menamatkan bahagian yang dipaparkan di halaman utama. Imej yang bersendirian dalam perenggannya mendapat tajuknya sebagai kapsyen.
tags-help = Pisahkan dengan koma.
publish-at = Terbitkan pada
publish-at-help = Zon masa: { $it }. Jika kosong: saat anda menerbitkannya. Jika pada masa hadapan: dijadualkan.
slug = Slug
slug-help = Bahagian akhir alamat. Jika kosong: mengikut tajuk sehingga kali pertama diterbitkan. Jika diubah kemudian, alamat lama membawa ke alamat baharu.
details = Tag, tarikh, alamat
excerpt = Petikan
excerpt-help = Teks biasa untuk suapan dan enjin carian. Jika kosong: bahagian awal teks.
comments-open-option = Dibuka
comments-closed-option = Ditutup
save-draft = Simpan draf
publish = Terbitkan
update = Kemas kini
unpublish = Nyahterbitkan
preview-notice = Ini pratonton. Tiada apa-apa yang disimpan; tutup tab ini untuk terus menulis.
done-saved = Draf disimpan.
done-published = Diterbitkan.
done-scheduled = Dijadualkan.
done-updated = Dikemas kini.
done-unpublished = Dikembalikan kepada draf. Pembaca tidak lagi dapat melihatnya.
done-restored = Dipulihkan.
done-trashed = Dibuang ke tong sampah. Anda boleh memulihkannya dari situ.
not-saved = Tidak disimpan: cakera penuh atau sibuk. Teks anda ada di sini; sila cuba lagi sebentar nanti.
not-saved-mend = Belum disimpan: lihat bahagian yang ditanda di bawah.
conflict = Sementara anda menulis, orang lain telah menyimpan perubahan. Tiada apa-apa yang hilang: teks mereka dan teks anda ada di bawah. Ambil apa yang anda perlukan; jika anda menyimpan sekarang, teks anda yang dikekalkan.
conflict-theirs = Disimpan pada { $it }
conflict-yours = Teks anda, belum disimpan
error-needed = Ruangan ini perlu diisi.
error-choose = Pilih satu daripada senarai.
error-long = Paling banyak { $n } aksara.
error-slug = Gunakan huruf a–z, angka, tanda sempang, titik dan garis bawah sahaja.
error-slug-taken = Alamat ini sudah digunakan oleh siaran atau halaman lain. Sila pilih slug lain.
error-tag = “{ $it }” tidak boleh menjadi tag: gunakan huruf atau angka, tidak melebihi 60 aksara.
error-tags = Paling banyak { $n } tag.
error-time = Berikan tarikh dan masa seperti 2023-02-11T08:30.
error-posts-per-page = Berikan nombor dari 1 hingga 50.

## Moderation
comments-held = Menunggu
comments-approved = Diluluskan
comments-spam = Spam
no-comments-held = Tiada yang menunggu anda.
no-comments-approved = Belum ada ulasan.
no-comments-spam = Tiada spam.
reasons = Sebab menunggu
reason-hold-all = Setiap ulasan perlu menunggu.
reason-first-time = Ulasan pertama daripada nama dan alamat e-mel ini.
reason-many-links = Tiga pautan atau lebih.
reason-trap = Ruangan yang hanya dapat dilihat oleh mesin telah diisi.
approve = Luluskan
hold = Tahan
spam = Spam
delete-for-good = Padamkan selama-lamanya
delete-comment-sure = Teks ulasan ini akan dipadamkan dan tidak dapat dipulihkan. Jika ada balasan, satu tanda ditinggalkan di tempatnya.
approve-and-reply = Luluskan dan balas
reply-post-not-live = Tidak dihantar: pembaca tidak dapat melihat siaran ini buat masa ini. Teks anda ada di sini.
newer-comments = Ulasan lebih baharu
older-comments = Ulasan lebih lama
done-comment-reply = Balasan dihantar.

## Settings
posts-per-page = Bilangan siaran setiap halaman
comments-open = Pembaca boleh menulis ulasan
hold-legend = Ulasan yang perlu menunggu anda
hold-all = Semua ulasan
hold-first = Ulasan daripada orang yang ulasannya belum pernah diluluskan
hold-none = Tiada, kecuali yang kelihatan seperti spam
save = Simpan
done-settings = Tetapan disimpan.

### Own comments
edited = disunting
comment-published = Semua orang boleh membacanya.
comment-in-thread = Lihat dalam perbualan
comment-changed = Perubahan anda telah disimpan.
comment-change = Ubah ulasan
comment-change-free = Belum ada yang membalas: perubahan tidak akan ditanda.
comment-change-marked = Ulasan ini akan ditanda sebagai disunting. Moderator masih boleh melihat teks asalnya.
save-changes = Simpan perubahan
comment-delete = Padamkan ulasan
comment-delete-sure = Ulasan ini akan dipadamkan bersama semua teks asalnya. Ia tidak boleh dikembalikan.
comment-delete-answered = Teksnya akan dipadamkan dan tidak boleh dikembalikan. Satu tanda kekal dalam perbualan supaya balasannya tetap di tempatnya.
comment-delete-now = Padamkan ulasan ini
comment-yours-link = Sesiapa yang mempunyai alamat halaman ini boleh mengubah dan memadamkan ulasan ini. Simpan alamatnya untuk menggunakannya dari peranti lain.
comment-own-hint = Untuk mengubah atau memadamkan ulasan anda, pilih tarikhnya.
thread-parts = Bahagian perbualan
thread-part = Bahagian { $n } daripada { $count }
thread-before = Ulasan sebelum ini
thread-after = Ulasan selepas ini
comments-per-page = Bilangan ulasan setiap halaman
comments-per-page-help = Ulasan kepada siaran itu sendiri; balasannya turut dipaparkan.
newest-comments-first = Ulasan terbaharu dipaparkan dahulu
edit-minutes = Minit untuk mengubah ulasan tanpa tanda
edit-minutes-help = Oleh penulisnya, selagi belum ada yang membalas. 0 menandakan setiap perubahan.
error-comments-per-page = Berikan nombor dari 1 hingga 500.
error-edit-minutes = Berikan bilangan minit, paling lama seminggu (10080).
remember-me = Ingat nama, alamat e-mel dan laman web saya dalam pelayar ini
cancel-reply = Batalkan balasan
comment-decided-meanwhile = Seorang moderator telah membuat keputusan tentang ulasan ini. Teks anda masih ada di bawah; simpan sekali lagi jika anda masih mahu.

### The queue
comments-trash = Tong sampah
no-comments-trash = Tong sampah kosong.
search-comments = Cari dalam ulasan ini
search-comments-help = Dicari dalam teks, nama, e-mel dan rangkaian bagi sehingga { $n } ulasan dalam senarai ini.
show-all-comments = Tunjukkan semua
only-on = Hanya pada “{ $it }”
only-from = Hanya daripada { $it }
only-this-post = Hanya siaran ini
at-least = { $it }+
history-approved = diluluskan: { $it }
history-spam = spam: { $it }
select = Pilih
all-on-page = Semua di halaman ini
more-acts = Lagi
pin = Sematkan
unpin = Tanggalkan sematan
pinned-mark = Disematkan
close-thread = Tutup ulasan pada siaran ini
open-thread = Buka ulasan pada siaran ini
keys = Kekunci
keys-move = Ulasan seterusnya dan sebelumnya
close = Tutup
undo = Buat asal
delete-comments-sure = Teks ulasan yang dipilih akan dipadamkan dan tidak dapat dipulihkan.
empty-spam = Kosongkan spam
empty-trash = Kosongkan tong sampah
empty-sure-spam = Semua spam dipadamkan selama-lamanya. Ini tidak dapat dibatalkan.
empty-sure-trash = Semua yang ada dalam tong sampah dipadamkan selama-lamanya. Ini tidak dapat dibatalkan.
done-comment-approve = { $count ->
    [1] Diluluskan.
   *[other] { $n } ulasan diluluskan.
}
done-comment-hold = { $count ->
    [1] Ditahan.
   *[other] { $n } ulasan ditahan.
}
done-comment-spam = { $count ->
    [1] Ditanda sebagai spam.
   *[other] { $n } ulasan ditanda sebagai spam.
}
done-comment-trash = { $count ->
    [1] Dibuang ke tong sampah.
   *[other] { $n } ulasan dibuang ke tong sampah.
}
done-comment-restore = { $count ->
    [1] Dipulihkan.
   *[other] { $n } ulasan dipulihkan.
}
done-comment-delete = { $count ->
    [1] Dipadamkan.
   *[other] { $n } ulasan dipadamkan.
}
edit-or-move = Sunting atau pindahkan
comment-by = Ulasan oleh { $it }
back-to-queue = Kembali ke senarai ulasan
edit-comment = Sunting ulasan ini
edit-comment-help = Ulasan ini akan ditanda sebagai disunting. Teksnya yang sekarang disimpan di halaman ini.
move-thread = Pindahkan ke siaran lain
move-thread-to = Alamat siaran
move-thread-help = Ulasan ini berpindah bersama semua balasannya.
move-thread-go = Pindahkan
error-no-post = Tiada siaran atau halaman pada alamat ini.
earlier-texts = Teksnya sebelum ini
replaced-at = hingga { $it }
replaced-by = hingga { $it }, diubah oleh { $name }
done-comment-edit = Perubahan anda telah disimpan, dan ulasan ini ditanda sebagai disunting.
done-comment-move = Telah dipindahkan.
done-comment-none = Tiada apa-apa berubah: ulasan itu sudah ada di situ.
done-comment-nothing = Pilih ulasan dahulu, kemudian pilih tindakan.
done-comment-past = Tindakan ini tidak dapat dibuat asal lagi.
done-comment-undo = Dibuat asal.
done-comment-pin = Disematkan. Ulasan ini berada di atas sekali.
done-comment-unpin = Sematan ditanggalkan.
done-comment-close = Ulasan pada siaran ini ditutup.
done-comment-open = Ulasan pada siaran ini dibuka.
done-comment-empty = Dikosongkan.
done-comment-more = Banyak yang sudah dipadamkan, dan masih ada lagi. Kosongkan sekali lagi untuk yang selebihnya.
