/* Names of fourteen kinds, each in its own script and in Latin letters. The commonest come first:
 * a draw prefers them as a population does. Behind the lists stands a tail of surnames put together
 * from parts, so that most names are rare, as they are. Facts of common knowledge, chosen by hand;
 * the orders are rough. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/mem.h"

/* A name that is written in plain Latin letters already. */
#define L(name)                                                                                    \
    {                                                                                              \
        name, name                                                                                 \
    }

static const struct pg_name en_given[] = {
    L("James"),  L("Mary"),    L("Michael"), L("Jennifer"), L("Robert"),  L("Linda"),   L("David"),
    L("Emily"),  L("William"), L("Sarah"),   L("Joseph"),   L("Jessica"), L("Thomas"),  L("Karen"),
    L("Daniel"), L("Lisa"),    L("Matthew"), L("Nancy"),    L("Anthony"), L("Ashley"),  L("Mark"),
    L("Sandra"), L("Steven"),  L("Donna"),   L("Andrew"),   L("Carol"),   L("Kenneth"), L("Amanda"),
    L("Joshua"), L("Melissa"), L("Kevin"),   L("Deborah"),  L("Brian"),   L("Rebecca"), L("Oliver"),
    L("Laura"),  L("Ryan"),    L("Helen"),   L("Jacob"),    L("Amy")};
static const struct pg_name en_surnames[] = {
    L("Smith"),  L("Johnson"),  L("Williams"), L("Brown"), L("Jones"),    L("Miller"), L("Davis"),
    L("Wilson"), L("Anderson"), L("Taylor"),   L("Moore"), L("Jackson"),  L("Martin"), L("Lee"),
    L("White"),  L("Harris"),   L("Clark"),    L("Lewis"), L("Robinson"), L("Walker"), L("Young"),
    L("Allen"),  L("King"),     L("Wright"),   L("Scott"), L("Green"),    L("Baker"),  L("Adams"),
    L("Nelson"), L("Hill"),     L("Campbell"), L("Carter")};
static const struct pg_name en_stems[] = {
    L("Ash"),  L("Black"), L("Brad"), L("Clay"), L("Crom"),  L("Dun"),  L("East"), L("Fair"),
    L("Gold"), L("Har"),   L("Hay"),  L("Hol"),  L("Lang"),  L("Mans"), L("Nor"),  L("Oak"),
    L("Pen"),  L("Red"),   L("Shel"), L("Stan"), L("Thorn"), L("Wake"), L("Wes"),  L("Win")};
static const struct pg_name en_ends[] = {L("ford"), L("ley"),   L("ton"), L("field"),
                                         L("well"), L("worth"), L("by"),  L("combe"),
                                         L("wood"), L("ham"),   L("son"), L("more")};
static const struct pg_name es_given[] = {{"José", "Jose"},
                                          {"María", "Maria"},
                                          L("Carlos"),
                                          L("Ana"),
                                          L("Juan"),
                                          L("Carmen"),
                                          L("Luis"),
                                          L("Laura"),
                                          {"Jesús", "Jesus"},
                                          L("Isabel"),
                                          L("Miguel"),
                                          {"Lucía", "Lucia"},
                                          L("Pedro"),
                                          L("Elena"),
                                          L("Francisco"),
                                          L("Rosa"),
                                          {"Andrés", "Andres"},
                                          L("Marta"),
                                          L("Diego"),
                                          {"Inés", "Ines"},
                                          {"Joaquín", "Joaquin"},
                                          L("Paula"),
                                          {"Raúl", "Raul"},
                                          {"Verónica", "Veronica"},
                                          {"Álvaro", "Alvaro"},
                                          L("Teresa"),
                                          L("Fernando"),
                                          L("Pilar")};
static const struct pg_name es_surnames[] = {{"García", "Garcia"},
                                             {"Rodríguez", "Rodriguez"},
                                             {"González", "Gonzalez"},
                                             {"Fernández", "Fernandez"},
                                             {"López", "Lopez"},
                                             {"Martínez", "Martinez"},
                                             {"Sánchez", "Sanchez"},
                                             {"Pérez", "Perez"},
                                             {"Gómez", "Gomez"},
                                             {"Martín", "Martin"},
                                             {"Jiménez", "Jimenez"},
                                             L("Ruiz"),
                                             {"Hernández", "Hernandez"},
                                             {"Díaz", "Diaz"},
                                             L("Moreno"),
                                             {"Muñoz", "Munoz"},
                                             {"Álvarez", "Alvarez"},
                                             L("Romero"),
                                             L("Navarro"),
                                             L("Torres"),
                                             {"Domínguez", "Dominguez"},
                                             {"Vázquez", "Vazquez"},
                                             L("Ramos"),
                                             L("Gil"),
                                             L("Serrano"),
                                             L("Castro")};
static const struct pg_name es_stems[] = {L("Alma"), L("Cas"),  L("Val"),  L("Mon"),
                                          L("Esp"),  L("Carr"), L("Sal"),  L("Ber"),
                                          L("Mir"),  L("Orte"), L("Vill"), L("Agui")};
static const struct pg_name es_ends[] = {{"eño", "eno"}, L("illo"), L("ares"), L("edo"),
                                         {"ón", "on"},   L("ada"),  L("anza"), L("era")};
static const struct pg_name pt_given[] = {{"João", "Joao"},
                                          L("Maria"),
                                          {"Antônio", "Antonio"},
                                          L("Ana"),
                                          L("Paulo"),
                                          L("Juliana"),
                                          L("Pedro"),
                                          {"Letícia", "Leticia"},
                                          L("Lucas"),
                                          L("Beatriz"),
                                          L("Gabriel"),
                                          {"Patrícia", "Patricia"},
                                          L("Rafael"),
                                          L("Camila"),
                                          L("Felipe"),
                                          {"Vitória", "Vitoria"},
                                          L("Bruno"),
                                          L("Larissa"),
                                          {"Vinícius", "Vinicius"},
                                          L("Renata")};
static const struct pg_name pt_surnames[] = {L("Silva"),
                                             L("Santos"),
                                             L("Oliveira"),
                                             L("Souza"),
                                             L("Lima"),
                                             L("Pereira"),
                                             L("Ferreira"),
                                             L("Costa"),
                                             L("Rodrigues"),
                                             L("Almeida"),
                                             L("Alves"),
                                             L("Ribeiro"),
                                             L("Carvalho"),
                                             {"Araújo", "Araujo"},
                                             L("Barbosa"),
                                             L("Rocha"),
                                             L("Dias"),
                                             L("Nunes"),
                                             {"Conceição", "Conceicao"},
                                             L("Moreira")};
static const struct pg_name pt_stems[] = {L("Mag"), L("Cav"), L("Pinh"), L("Teix"), L("Card"),
                                          L("Fig"), L("Sar"), L("Mend"), L("Bor"),  L("Quei")};
static const struct pg_name pt_ends[] = {L("alho"), L("eira"), L("oso"),   {"ão", "ao"},
                                         L("inho"), L("ates"), L("ueira"), L("aiva")};
static const struct pg_name fr_given[] = {L("Jean"),
                                          L("Marie"),
                                          L("Pierre"),
                                          L("Nathalie"),
                                          L("Michel"),
                                          L("Camille"),
                                          {"François", "Francois"},
                                          {"Léa", "Lea"},
                                          L("Nicolas"),
                                          {"Hélène", "Helene"},
                                          L("Julien"),
                                          L("Isabelle"),
                                          {"Jérôme", "Jerome"},
                                          {"Chloé", "Chloe"},
                                          L("Thomas"),
                                          L("Sophie"),
                                          {"Rémi", "Remi"},
                                          {"Zoé", "Zoe"},
                                          {"Cédric", "Cedric"},
                                          {"Aurélie", "Aurelie"}};
static const struct pg_name fr_surnames[] = {L("Martin"),
                                             L("Bernard"),
                                             L("Dubois"),
                                             L("Thomas"),
                                             L("Robert"),
                                             L("Richard"),
                                             L("Petit"),
                                             L("Durand"),
                                             L("Leroy"),
                                             L("Moreau"),
                                             L("Simon"),
                                             L("Laurent"),
                                             {"Lefèvre", "Lefevre"},
                                             L("Michel"),
                                             L("Garcia"),
                                             L("Roux"),
                                             L("Fournier"),
                                             L("Girard"),
                                             {"Mercier", "Mercier"},
                                             {"Guérin", "Guerin"}};
static const struct pg_name fr_stems[] = {L("Beau"), L("Cham"), L("Du"), L("La"),  L("Mont"),
                                          L("Ro"),   L("Char"), L("Bo"), L("Fon"), L("Mar")};
static const struct pg_name fr_ends[] = {L("champ"), L("pont"), L("bert"),   L("villier"),
                                         L("chet"),  L("din"),  L("vallet"), L("tier")};
static const struct pg_name de_given[] = {L("Thomas"),       L("Sabine"), L("Michael"),
                                          L("Andrea"),       L("Stefan"), L("Petra"),
                                          L("Andreas"),      L("Julia"),  {"Jürgen", "Juergen"},
                                          L("Anna"),         L("Jan"),    L("Katrin"),
                                          {"Jörg", "Joerg"}, L("Lena"),   L("Felix"),
                                          L("Heike"),        L("Lukas"),  {"Käthe", "Kaethe"},
                                          L("Florian"),      L("Ulrike")};
static const struct pg_name de_surnames[] = {{"Müller", "Mueller"},
                                             L("Schmidt"),
                                             L("Schneider"),
                                             L("Fischer"),
                                             L("Weber"),
                                             L("Meyer"),
                                             L("Wagner"),
                                             L("Becker"),
                                             L("Schulz"),
                                             L("Hoffmann"),
                                             {"Schäfer", "Schaefer"},
                                             L("Koch"),
                                             L("Bauer"),
                                             L("Richter"),
                                             L("Klein"),
                                             L("Wolf"),
                                             {"Schröder", "Schroeder"},
                                             L("Neumann"),
                                             L("Schwarz"),
                                             {"Krüger", "Krueger"}};
static const struct pg_name de_stems[] = {L("Alt"),  L("Berg"), L("Brun"), L("Eich"),  L("Hart"),
                                          L("Kess"), L("Lind"), L("Ober"), L("Stein"), L("Wein")};
static const struct pg_name de_ends[] = {L("mann"), L("ler"),   L("hoff"), L("ner"),
                                         L("bach"), L("inger"), L("holz"), L("meier")};
static const struct pg_name pl_given[] = {L("Jan"),
                                          L("Anna"),
                                          L("Piotr"),
                                          L("Katarzyna"),
                                          L("Krzysztof"),
                                          {"Małgorzata", "Malgorzata"},
                                          L("Andrzej"),
                                          L("Agnieszka"),
                                          L("Tomasz"),
                                          L("Barbara"),
                                          {"Paweł", "Pawel"},
                                          L("Ewa"),
                                          {"Michał", "Michal"},
                                          L("Magdalena"),
                                          L("Marcin"),
                                          L("Joanna"),
                                          {"Łukasz", "Lukasz"},
                                          L("Monika"),
                                          L("Jakub"),
                                          L("Zofia")};
static const struct pg_name pl_surnames[] = {L("Nowak"),
                                             L("Kowalski"),
                                             {"Wiśniewski", "Wisniewski"},
                                             {"Wójcik", "Wojcik"},
                                             L("Kowalczyk"),
                                             {"Kamiński", "Kaminski"},
                                             L("Lewandowski"),
                                             {"Zieliński", "Zielinski"},
                                             {"Szymański", "Szymanski"},
                                             {"Woźniak", "Wozniak"},
                                             {"Dąbrowski", "Dabrowski"},
                                             {"Kozłowski", "Kozlowski"},
                                             L("Mazur"),
                                             {"Jabłoński", "Jablonski"},
                                             L("Krawczyk"),
                                             L("Grabowski")};
static const struct pg_name pl_stems[] = {L("Bor"), L("Czer"), L("Gor"), L("Jaw"), L("Kal"),
                                          L("Mal"), L("Ost"),  L("Sok"), L("Wit"), L("Zaw")};
static const struct pg_name pl_ends[] = {{"owski", "owski"}, {"iński", "inski"}, L("czyk"),
                                         L("ecki"),          L("orski"),         {"oń", "on"}};
static const struct pg_name ru_given[] = {
    {"Александр", "Aleksandr"}, {"Елена", "Elena"},     {"Сергей", "Sergey"},
    {"Ольга", "Olga"},          {"Дмитрий", "Dmitry"},  {"Наталья", "Natalya"},
    {"Андрей", "Andrey"},       {"Анна", "Anna"},       {"Алексей", "Aleksey"},
    {"Мария", "Maria"},         {"Максим", "Maksim"},   {"Ирина", "Irina"},
    {"Евгений", "Evgeny"},      {"Татьяна", "Tatyana"}, {"Иван", "Ivan"},
    {"Юлия", "Yulia"},          {"Михаил", "Mikhail"},  {"Дарья", "Darya"},
    {"Николай", "Nikolay"},     {"Ксения", "Ksenia"}};
static const struct pg_name ru_surnames[] = {
    {"Иванов", "Ivanov"},        {"Смирнов", "Smirnov"},    {"Кузнецов", "Kuznetsov"},
    {"Попов", "Popov"},          {"Васильев", "Vasilev"},   {"Петров", "Petrov"},
    {"Соколов", "Sokolov"},      {"Михайлов", "Mikhaylov"}, {"Новиков", "Novikov"},
    {"Федоров", "Fedorov"},      {"Морозов", "Morozov"},    {"Волков", "Volkov"},
    {"Алексеев", "Alekseev"},    {"Лебедев", "Lebedev"},    {"Шевченко", "Shevchenko"},
    {"Бондаренко", "Bondarenko"}};
static const struct pg_name ru_stems[] = {{"Бел", "Bel"},  {"Гор", "Gor"},    {"Жур", "Zhur"},
                                          {"Зай", "Zay"},  {"Кар", "Kar"},    {"Лук", "Luk"},
                                          {"Мель", "Mel"}, {"Рома", "Roma"},  {"Сав", "Sav"},
                                          {"Тих", "Tikh"}, {"Черн", "Chern"}, {"Щерб", "Shcherb"}};
static const struct pg_name ru_ends[] = {{"ов", "ov"},       {"енко", "enko"}, {"авлев", "avlev"},
                                         {"ников", "nikov"}, {"ин", "in"},     {"ичев", "ichev"},
                                         {"акин", "akin"},   {"унов", "unov"}};
static const struct pg_name el_given[] = {
    {"Γιώργος", "Giorgos"}, {"Μαρία", "Maria"},       {"Δημήτρης", "Dimitris"},
    {"Ελένη", "Eleni"},     {"Νίκος", "Nikos"},       {"Κατερίνα", "Katerina"},
    {"Γιάννης", "Giannis"}, {"Βασιλική", "Vasiliki"}, {"Κώστας", "Kostas"},
    {"Σοφία", "Sofia"},     {"Χρήστος", "Christos"},  {"Αγγελική", "Angeliki"}};
static const struct pg_name el_surnames[] = {
    {"Παπαδόπουλος", "Papadopoulos"}, {"Βλάχος", "Vlachos"},
    {"Αγγελόπουλος", "Angelopoulos"}, {"Νικολαΐδης", "Nikolaidis"},
    {"Γεωργίου", "Georgiou"},         {"Οικονόμου", "Oikonomou"},
    {"Δημητρίου", "Dimitriou"},       {"Παππάς", "Pappas"},
    {"Καραγιάννης", "Karagiannis"},   {"Μακρής", "Makris"}};
static const struct pg_name el_stems[] = {{"Παπα", "Papa"},    {"Καρα", "Kara"},
                                          {"Χατζη", "Chatzi"}, {"Μαυρο", "Mavro"},
                                          {"Κοντο", "Konto"},  {"Γερο", "Gero"}};
static const struct pg_name el_ends[] = {{"γιάννης", "giannis"}, {"νικόλας", "nikolas"},
                                         {"δάκης", "dakis"},     {"μιχάλης", "michalis"},
                                         {"σταύρου", "stavrou"}, {"λιάς", "lias"}};
static const struct pg_name ar_given[] = {
    {"محمد", "Mohamed"}, {"فاطمة", "Fatima"}, {"أحمد", "Ahmed"},      {"مريم", "Maryam"},
    {"علي", "Ali"},      {"نور", "Nour"},     {"خالد", "Khaled"},     {"سارة", "Sara"},
    {"عمر", "Omar"},     {"ليلى", "Layla"},   {"حسن", "Hassan"},      {"هدى", "Huda"},
    {"يوسف", "Youssef"}, {"زينب", "Zaynab"},  {"إبراهيم", "Ibrahim"}, {"رانيا", "Rania"}};
static const struct pg_name ar_surnames[] = {
    {"حسن", "Hassan"},  {"محمود", "Mahmoud"}, {"إبراهيم", "Ibrahim"}, {"علي", "Ali"},
    {"خليل", "Khalil"}, {"منصور", "Mansour"}, {"صالح", "Saleh"},      {"عثمان", "Othman"},
    {"ناصر", "Nasser"}, {"حداد", "Haddad"},   {"خوري", "Khoury"},     {"بكر", "Bakr"}};
static const struct pg_name ar_stems[] = {
    {"عبد ", "Abdel "}, {"أبو ", "Abu "}, {"ال", "Al-"}, {"بن ", "Ben "}};
static const struct pg_name ar_ends[] = {
    {"الرحمن", "rahman"}, {"كريم", "Karim"}, {"سالم", "Salem"},  {"زيد", "Zayd"},
    {"مصري", "Masri"},    {"شامي", "Shami"}, {"نجار", "Najjar"}, {"بغدادي", "Baghdadi"},
    {"عزيز", "Aziz"},     {"لطيف", "Latif"}};
static const struct pg_name hi_given[] = {
    {"राम", "Ram"},    {"सीता", "Sita"},   {"राहुल", "Rahul"},  {"प्रिया", "Priya"},
    {"अमित", "Amit"},  {"पूजा", "Pooja"},   {"विकास", "Vikas"}, {"नेहा", "Neha"},
    {"संजय", "Sanjay"}, {"अनीता", "Anita"}, {"राजेश", "Rajesh"}, {"कविता", "Kavita"},
    {"अरुण", "Arun"},   {"मीना", "Meena"},  {"दीपक", "Deepak"}, {"सुनीता", "Sunita"}};
static const struct pg_name hi_surnames[] = {
    {"कुमार", "Kumar"},   {"सिंह", "Singh"},  {"शर्मा", "Sharma"},   {"देवी", "Devi"},
    {"यादव", "Yadav"},   {"गुप्ता", "Gupta"}, {"वर्मा", "Verma"},    {"पटेल", "Patel"},
    {"मिश्रा", "Mishra"}, {"जोशी", "Joshi"}, {"चौहान", "Chauhan"}, {"मेहता", "Mehta"}};
static const struct pg_name hi_stems[] = {{"राज", "Raj"}, {"चंद्र", "Chandra"}, {"देव", "Dev"},
                                          {"बल", "Bal"},  {"श्री", "Shri"},    {"महा", "Maha"}};
static const struct pg_name hi_ends[] = {{"वाल", "wal"}, {"कर", "kar"},  {"नाथ", "nath"},
                                         {"पाल", "pal"}, {"राम", "ram"}, {"दास", "das"}};
static const struct pg_name zh_given[] = {
    {"伟", "wei"},   {"芳", "fang"}, {"娜", "na"},   {"敏", "min"},  {"静", "jing"}, {"丽", "li"},
    {"强", "qiang"}, {"磊", "lei"},  {"军", "jun"},  {"洋", "yang"}, {"勇", "yong"}, {"艳", "yan"},
    {"杰", "jie"},   {"涛", "tao"},  {"明", "ming"}, {"超", "chao"}, {"秀", "xiu"},  {"霞", "xia"},
    {"平", "ping"},  {"刚", "gang"}, {"桂", "gui"},  {"英", "ying"}, {"华", "hua"},  {"文", "wen"},
    {"建", "jian"},  {"国", "guo"},  {"晓", "xiao"}, {"玉", "yu"},   {"海", "hai"},  {"雪", "xue"}};
static const struct pg_name zh_surnames[] = {
    {"王", "Wang"},  {"李", "Li"},    {"张", "Zhang"}, {"刘", "Liu"},  {"陈", "Chen"},
    {"杨", "Yang"},  {"黄", "Huang"}, {"赵", "Zhao"},  {"吴", "Wu"},   {"周", "Zhou"},
    {"徐", "Xu"},    {"孙", "Sun"},   {"马", "Ma"},    {"朱", "Zhu"},  {"胡", "Hu"},
    {"林", "Lin"},   {"郭", "Guo"},   {"何", "He"},    {"高", "Gao"},  {"罗", "Luo"},
    {"郑", "Zheng"}, {"梁", "Liang"}, {"谢", "Xie"},   {"宋", "Song"}, {"唐", "Tang"},
    {"许", "Xu"},    {"邓", "Deng"},  {"冯", "Feng"},  {"韩", "Han"},  {"曹", "Cao"}};
static const struct pg_name ja_given[] = {
    {"太郎", "Taro"},  {"花子", "Hanako"},   {"健", "Ken"},       {"美咲", "Misaki"},
    {"翔太", "Shota"}, {"陽子", "Yoko"},     {"大輔", "Daisuke"}, {"恵子", "Keiko"},
    {"直樹", "Naoki"}, {"由美", "Yumi"},     {"拓也", "Takuya"},  {"愛", "Ai"},
    {"誠", "Makoto"},  {"さくら", "Sakura"}, {"浩", "Hiroshi"},   {"真由美", "Mayumi"}};
static const struct pg_name ja_surnames[] = {
    {"佐藤", "Sato"},      {"鈴木", "Suzuki"},   {"高橋", "Takahashi"}, {"田中", "Tanaka"},
    {"伊藤", "Ito"},       {"渡辺", "Watanabe"}, {"山本", "Yamamoto"},  {"中村", "Nakamura"},
    {"小林", "Kobayashi"}, {"加藤", "Kato"},     {"吉田", "Yoshida"},   {"山田", "Yamada"}};
static const struct pg_name ja_stems[] = {
    {"大", "O"},    {"小", "Ko"},   {"高", "Taka"},  {"西", "Nishi"}, {"東", "Higashi"},
    {"北", "Kita"}, {"石", "Ishi"}, {"松", "Matsu"}, {"竹", "Take"},  {"藤", "Fuji"}};
static const struct pg_name ja_ends[] = {{"川", "kawa"}, {"田", "da"},   {"野", "no"},
                                         {"村", "mura"}, {"山", "yama"}, {"原", "hara"},
                                         {"井", "i"},    {"島", "shima"}};
static const struct pg_name ko_given[] = {
    {"민준", "Minjun"},   {"서연", "Seoyeon"}, {"지훈", "Jihoon"},   {"수진", "Sujin"},
    {"영수", "Youngsoo"}, {"은지", "Eunji"},   {"성민", "Sungmin"},  {"지영", "Jiyoung"},
    {"현우", "Hyunwoo"},  {"미영", "Miyoung"}, {"동현", "Donghyun"}, {"하은", "Haeun"},
    {"준호", "Junho"},    {"유진", "Yujin"},   {"상현", "Sanghyun"}, {"예린", "Yerin"}};
static const struct pg_name ko_surnames[] = {
    {"김", "Kim"}, {"이", "Lee"},  {"박", "Park"}, {"최", "Choi"},  {"정", "Jung"}, {"강", "Kang"},
    {"조", "Cho"}, {"윤", "Yoon"}, {"장", "Jang"}, {"임", "Lim"},   {"한", "Han"},  {"오", "Oh"},
    {"서", "Seo"}, {"신", "Shin"}, {"권", "Kwon"}, {"황", "Hwang"}, {"안", "Ahn"},  {"송", "Song"}};
static const struct pg_name vi_given[] = {
    {"Anh", "Anh"},   {"Hương", "Huong"}, {"Minh", "Minh"}, {"Thảo", "Thao"},
    {"Hùng", "Hung"}, {"Lan", "Lan"},     {"Dũng", "Dung"}, {"Ngọc", "Ngoc"},
    {"Tuấn", "Tuan"}, {"Hạnh", "Hanh"},   {"Long", "Long"}, {"Phương", "Phuong"},
    {"Quân", "Quan"}, {"Trang", "Trang"}, {"Đức", "Duc"},   {"Yến", "Yen"}};
static const struct pg_name vi_surnames[] = {
    {"Nguyễn", "Nguyen"}, {"Trần", "Tran"}, {"Lê", "Le"}, {"Phạm", "Pham"},
    {"Hoàng", "Hoang"},   {"Phan", "Phan"}, {"Vũ", "Vu"}, {"Đặng", "Dang"},
    {"Bùi", "Bui"},       {"Đỗ", "Do"},     {"Hồ", "Ho"}, {"Ngô", "Ngo"},
    {"Dương", "Duong"},   {"Lý", "Ly"}};

static const struct pg_town en_towns[] = {
    {"Austin", "US", "America/Chicago", "1512", 3027, -9774, -360},
    {"New York", "US", "America/New_York", "1212", 4071, -7401, -300},
    {"Seattle", "US", "America/Los_Angeles", "1206", 4761, -12233, -480},
    {"Denver", "US", "America/Denver", "1303", 3974, -10499, -420},
    {"London", "GB", "Europe/London", "4420", 5151, -13, 0},
    {"Toronto", "CA", "America/Toronto", "1416", 4365, -7938, -300},
    {"Sydney", "AU", "Australia/Sydney", "612", -3387, 15121, 600}};
static const struct pg_town es_towns[] = {
    {"Madrid", "ES", "Europe/Madrid", "3491", 4042, -370, 60},
    {"Barcelona", "ES", "Europe/Madrid", "3493", 4139, 217, 60},
    {"Buenos Aires", "AR", "America/Argentina/Buenos_Aires", "5411", -3460, -5838, -180},
    {"Bogotá", "CO", "America/Bogota", "571", 471, -7407, -300},
    {"Manila", "PH", "Asia/Manila", "632", 1460, 12098, 480}};
static const struct pg_town pt_towns[] = {
    {"São Paulo", "BR", "America/Sao_Paulo", "5511", -2355, -4663, -180},
    {"Lisboa", "PT", "Europe/Lisbon", "35121", 3872, -914, 0},
    {"Recife", "BR", "America/Recife", "5581", -805, -3488, -180}};
static const struct pg_town fr_towns[] = {{"Paris", "FR", "Europe/Paris", "331", 4885, 235, 60},
                                          {"Lyon", "FR", "Europe/Paris", "334", 4576, 484, 60},
                                          {"Dakar", "SN", "Africa/Dakar", "22133", 1469, -1745, 0}};
static const struct pg_town de_towns[] = {{"Berlin", "DE", "Europe/Berlin", "4930", 5252, 1340, 60},
                                          {"Hamburg", "DE", "Europe/Berlin", "4940", 5355, 999, 60},
                                          {"Wien", "AT", "Europe/Vienna", "431", 4821, 1637, 60}};
static const struct pg_town pl_towns[] = {
    {"Kraków", "PL", "Europe/Warsaw", "4812", 5006, 1994, 60},
    {"Warszawa", "PL", "Europe/Warsaw", "4822", 5223, 2101, 60}};
static const struct pg_town ru_towns[] = {{"Київ", "UA", "Europe/Kyiv", "38044", 5045, 3052, 120},
                                          {"Алматы", "KZ", "Asia/Almaty", "7727", 4324, 7689, 300},
                                          {"Рига", "LV", "Europe/Riga", "371", 5695, 2411, 120}};
static const struct pg_town el_towns[] = {
    {"Αθήνα", "GR", "Europe/Athens", "3021", 3798, 2373, 120},
    {"Λάρνακα", "CY", "Asia/Nicosia", "35724", 3492, 3362, 120}};
static const struct pg_town ar_towns[] = {{"القاهرة", "EG", "Africa/Cairo", "202", 3004, 3124, 120},
                                          {"دبي", "AE", "Asia/Dubai", "9714", 2520, 5527, 240},
                                          {"عمان", "JO", "Asia/Amman", "9626", 3195, 3593, 180}};
static const struct pg_town hi_towns[] = {
    {"दिल्ली", "IN", "Asia/Kolkata", "9111", 2861, 7721, 330},
    {"Bengaluru", "IN", "Asia/Kolkata", "9180", 1297, 7759, 330},
    {"Pune", "IN", "Asia/Kolkata", "9120", 1852, 7386, 330}};
static const struct pg_town zh_towns[] = {
    {"上海", "CN", "Asia/Shanghai", "8621", 3123, 12147, 480},
    {"台北", "TW", "Asia/Taipei", "8862", 2503, 12157, 480},
    {"Singapore", "SG", "Asia/Singapore", "65", 135, 10382, 480}};
static const struct pg_town ja_towns[] = {{"東京", "JP", "Asia/Tokyo", "813", 3568, 13969, 540},
                                          {"大阪", "JP", "Asia/Tokyo", "816", 3469, 13550, 540}};
static const struct pg_town ko_towns[] = {{"서울", "KR", "Asia/Seoul", "822", 3757, 12698, 540},
                                          {"부산", "KR", "Asia/Seoul", "8251", 3518, 12908, 540}};
static const struct pg_town vi_towns[] = {
    {"Hà Nội", "VN", "Asia/Ho_Chi_Minh", "8424", 2103, 10585, 420},
    {"Đà Nẵng", "VN", "Asia/Ho_Chi_Minh", "84236", 1605, 10820, 420}};

#define PG_WAY(first, before, between, after)                                                      \
    {                                                                                              \
        before, between, after, first                                                              \
    }
#define CULTURE(p, ...)                                                                            \
    {                                                                                              \
        p##_given, p##_surnames, p##_stems, p##_ends, SG_COUNT_OF(p##_given),                      \
            SG_COUNT_OF(p##_surnames), SG_COUNT_OF(p##_stems), SG_COUNT_OF(p##_ends), p##_towns,   \
            SG_COUNT_OF(p##_towns), __VA_ARGS__, false                                             \
    }
/* Where nearly everybody has a name of the list there are no parts for a tail. */
#define CLOSED(p, joins, ...)                                                                      \
    {                                                                                              \
        p##_given, p##_surnames, NULL, NULL, SG_COUNT_OF(p##_given), SG_COUNT_OF(p##_surnames), 0, \
            0, p##_towns, SG_COUNT_OF(p##_towns), __VA_ARGS__, joins                               \
    }

const struct pg_culture sg_pg_cultures[] = {
    CULTURE(en, PG_WAY(true, "", " ", " Street")),
    CULTURE(es, PG_WAY(false, "Calle ", " ", "")),
    CULTURE(pt, PG_WAY(false, "Rua ", ", ", "")),
    CULTURE(fr, PG_WAY(true, "", " rue ", "")),
    CULTURE(de, PG_WAY(false, "", "straße ", "")),
    CULTURE(pl, PG_WAY(false, "ul. ", " ", "")),
    CULTURE(ru, PG_WAY(false, "ул. ", ", ", "")),
    CULTURE(el, PG_WAY(false, "", " ", "")),
    CULTURE(ar, PG_WAY(true, "", " شارع ", "")),
    CULTURE(hi, PG_WAY(true, "", ", ", " Nagar")),
    CLOSED(zh, true, PG_WAY(false, "", "路", "号")),
    CULTURE(ja, PG_WAY(false, "", "町", "")),
    CLOSED(ko, false, PG_WAY(false, "", "로 ", "")),
    CLOSED(vi, false, PG_WAY(true, "", " đường ", "")),
};
const size_t sg_pg_n_cultures = SG_COUNT_OF(sg_pg_cultures);
