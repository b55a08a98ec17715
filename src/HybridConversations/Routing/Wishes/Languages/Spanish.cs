using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Spanish.</summary>
internal static class Spanish
{
    private const string Secret = "privado|privada|secreto|secreta|confidencial|confidenciales|privados";
    private const string Outside = "nube|internet|servidor*|red|web|google|openai|chatgpt|cloud";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("no|nunca|sin|jamás", "yo|él|ella|nosotros"),
        Cloud: [
            Request("piénsalo bien", "piensa*|piénsa*|pensar*|pienses ..2 bien|mucho|profundamente|detenidamente|cuidado|fondo|despacio"),
            Request("reflexiona bien", "reflexiona* ..2 bien|mucho|fondo|detenidamente"),
            Request("tómate tu tiempo", "tómate|tómese|toma tu|su|el|todo_el tiempo"),
            Request("pregunta a la nube", "pregunta*|usa|use|usar|utiliza|utilice|utilizar|consulta|consultar ..2 nube"),
            Request("usa el modelo grande", "usa|use|usar|utiliza|pregunta|consulta el|al|tu|un modelo más? grande|mejor|potente|inteligente"),
            Request("pregunta a ChatGPT", "pregunta*|usa|consulta ..1 chatgpt|gpt|openai")],
        Local: [
            Request("quédate en local", "quédate|responde|contesta|trabaja ..1 local|localmente|offline"),
            Statement("sin la nube", "sin ..2 nube|internet"),
            Statement("no uses la nube", "no uses|preguntes|utilices|consultes ..1 la nube"),
            Statement("no lo pienses mucho", "no lo? pienses ..1 mucho|demasiado|tanto"),
            Request("usa el modelo pequeño", "usa|utiliza el|tu modelo pequeño|local|propio")],
        Privacy: [
            Statement("guárdalo para ti", "guarda*|guárda*|guarde|queda*|quéda* ..3 para|contigo ti|usted?"),
            Statement("que quede entre nosotros", "entre nosotros|tú_y_yo|tu_y_yo|nos|usted_y_yo"),
            Statement("mantenlo en privado", $"mantén*|mantenga*|mantener*|guarda*|guárda*|guarde|trata*|trátalo ..5 {Secret}"),
            Statement("esto es privado", $"esto|eso|todo|digo|diga|cuento|dicho es|son|queda|quede|sea|está|debe ..3 {Secret}"),
            Statement("esto es privado", $"es|son|sea muy|algo|totalmente|un|estrictamente? {Secret}"),
            Statement("estrictamente confidencial", $"estrictamente|totalmente|absolutamente {Secret}"),
            Statement("ni una palabra", "ni una palabra ..1 a"),
            Statement("en secreto", "en|de confianza|secreto|confidencia|privado"),
            Statement("no lo mandes a la nube", $"no|nada|nunca|ni ..5 a|en|al|por|con la|el|los|un|ningún|ninguna? {Outside}"),
            Statement("no se lo digas a nadie", "digas|diga|decir*|cuentes|cuente|contar*|menciones|muestres|reveles|comentes ..3 nadie"),
            Statement("nadie debe saberlo", "nadie ..2 debe|puede|tiene|se ..3 saber*|enterar*|entere|oír*|ver*"),
            Statement("que nadie se entere", "nadie ..1 se ..1 entere|sepa"),
            Statement("que nadie se entere", "nadie lo sepa|escuche|vea"),
            Statement("no lo compartas", "no lo|la|los|esto|las? compartas|comparta|compartir*|subas|divulgues|difundas|reenvíes"),
            Statement("que no salga de aquí", "no ..1 salga|salir|sale|abandone ..2 aquí|dispositivo|casa|aparato|habitación"),
            Statement("que se quede en el dispositivo", "queda*|quede*|quéda*|guarda*|deja*|déja* ..3 en ..2 dispositivo|aparato|jetson|casa"),
            Statement("modo privado", "activa*|pon|ponte|entra|pasa|inicia ..3 modo privado|confidencial|secreto"),
            Statement("modo privado", "modo privado|confidencial ya?|ahora|activado|por_favor")],
        Lift: [
            Statement("ya no es privado", $"ya no ..2 {Secret}"),
            Statement("ya no hace falta guardarlo", "ya no ..3 guardar*|guardes|mantener* ..3 secreto|privado|ti"),
            Release("sal del modo privado", "sal|salir|desactiva*|termina*|quita*|apaga* ..2 modo privado|confidencial|secreto"),
            Release("puedes volver a usar la nube", "volver_a|vuelve_a|otra_vez usar|preguntar|utilizar ..1 nube"),
            Release("puedes volver a usar la nube", "usar|usa|utilizar la nube otra_vez|de_nuevo")]);
}
