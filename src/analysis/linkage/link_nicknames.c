/* Given names that people use for one another. Common knowledge of English, with a few Latin and
 * Slavic forms; a name may be in several groups. */
#include "analysis/linkage/link_text.h"

#include <stdbool.h>

static const char *const groups[] = {
    " robert rob bob bobby robbie bert rab robin ",
    " william bill billy will willie willy wm liam guillaume wilhelm ",
    " richard rick dick ricky rich dickie ",
    " john jack johnny jon jock johnnie johannes jean ",
    " james jim jimmy jamie jem jimmie ",
    " thomas tom tommy thos tam ",
    " charles charlie charley chas chuck karl carl ",
    " edward ed eddie ted teddy ned edwd ",
    " edmund ed ned eddie edmond ",
    " henry harry hal hank heinrich henri ",
    " george georgie geo dod jorge ",
    " joseph joe joey jos josef jose ",
    " samuel sam sammy saml ",
    " benjamin ben benny benj benjy ",
    " francis frank fran frankie francois ",
    " frederick fred freddie freddy fredk frederic ",
    " alfred alf fred alfie ",
    " albert al bert bertie albie ",
    " herbert bert herb bertie ",
    " hubert bert hugh ",
    " arthur art artie ",
    " alexander alex sandy alec alick sasha aleksandr xander ",
    " andrew andy drew andreas andrei ",
    " anthony tony antony anton ",
    " daniel dan danny ",
    " david dave davy davie dai ",
    " michael mike mick micky mikhail misha mickey ",
    " nicholas nick nicky nicolas nikolai klaus ",
    " patrick pat paddy padraig ",
    " peter pete piet pyotr pierre ",
    " philip phil pip phillip ",
    " stephen steve stevie steven stefan ",
    " matthew matt mat ",
    " gregory greg ",
    " christopher chris kit ",
    " lawrence larry laurie laurence ",
    " leonard len lenny leo ",
    " walter walt wally wat ",
    " ronald ron ronnie ",
    " donald don donnie ",
    " kenneth ken kenny ",
    " raymond ray ",
    " reginald reg reggie ",
    " theodore ted theo teddy ",
    " timothy tim ",
    " hugh hughie hew ",
    " archibald archie ",
    " elizabeth liz lizzie eliza beth betty bess bessie betsy elsie lisa elisabeth ",
    " margaret maggie meg peggy madge margery greta rita ",
    " mary molly polly may mamie maria marie ",
    " catherine kate katie kitty cathy katherine kathleen kathryn katya ",
    " anne ann annie nan nancy hannah anna anya ",
    " sarah sally sadie sara ",
    " jane janet jenny jean joan jeanie ",
    " susan sue susie susanna susannah ",
    " dorothy dot dolly dora ",
    " frances fanny fran frankie ",
    " helen nell nellie ellen eleanor nora lena ",
    " isabella bella isabel belle tibbie ",
    " rebecca becky becca ",
    " victoria vicky tori ",
    " charlotte lottie charlie lotty ",
    " emily em emma millie ",
    " martha patty matty ",
};

_Static_assert(sizeof(groups) / sizeof(groups[0]) <= 64, "a bit for each group");

/* Whether a group has the name as a whole word. */
static bool has(const char *group, struct sg_text name)
{
    for (const char *at = group; *at; at++)
        if (*at == ' ' && strncmp(at + 1, name.data, name.size) == 0 && at[1 + name.size] == ' ')
            return true;
    return false;
}

uint64_t sg_link_nicknames(struct sg_text text)
{
    uint64_t bits = 0;
    if (text.size < 2 || text.size > 12 || memchr(text.data, ' ', text.size))
        return 0;
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        bits |= (uint64_t)has(groups[i], text) << i;
    return bits;
}
